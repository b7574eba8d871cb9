//! Building operations on real numbers: inputs, formulas, shifts.

use super::build::Builder;
use super::column::{Lattice, Origin, Real, RealColumn, Unit, Whole};
use super::op::{Arithmetic, LawIndex, Op, StreamIndex};
use super::whole::UNDEFINED;
use crate::dependence::{Degrees, Student};

/// No uniform of 53 bits has a normal score beyond this.
const LARGEST_SCORE: f64 = 8.5;

impl Builder {
    /// The uniform of an address.
    pub fn uniform(&mut self, stream: StreamIndex, origin: Origin) -> RealColumn {
        let out = self.real_column(0.0, 1.0, origin);
        self.ops.push(Op::Uniform { stream, out });
        out
    }

    /// The standard normal score of an address.
    pub fn score(&mut self, stream: StreamIndex, origin: Origin) -> RealColumn {
        let out = self.real_column(-LARGEST_SCORE, LARGEST_SCORE, origin);
        self.ops.push(Op::Score { stream, out });
        out
    }

    /// A weighted sum of scores, itself standard normal when the squared weights add up to one.
    pub fn mix(&mut self, parts: Vec<(f64, RealColumn)>, origin: Origin) -> RealColumn {
        let reach = LARGEST_SCORE * parts.iter().map(|(weight, _)| weight.abs()).sum::<f64>();
        let out = self.real_column(-reach, reach, origin);
        self.ops.push(Op::Mix { parts, out });
        out
    }

    /// The score of a t copula from a correlated score and that of the common scale.
    pub fn student(
        &mut self,
        degrees: Degrees,
        score: RealColumn,
        common: RealColumn,
        origin: Origin,
    ) -> RealColumn {
        let known = self.students.iter().position(|student| student.degrees() == degrees);
        let student = known.unwrap_or_else(|| {
            self.students.push(Student::new(degrees));
            self.students.len() - 1
        });
        let out = self.real_column(-LARGEST_SCORE, LARGEST_SCORE, origin);
        self.ops.push(Op::Student { student: student as u32, score, common, out });
        out
    }

    /// The uniform of a score.
    pub fn probability(&mut self, score: RealColumn, origin: Origin) -> RealColumn {
        let out = self.real_column(0.0, 1.0, origin);
        self.ops.push(Op::Probability { score, out });
        out
    }

    /// The value of a distribution at a score or uniform; `stream` is the own address of an independent input.
    pub fn sample(
        &mut self,
        law: LawIndex,
        from: RealColumn,
        stream: Option<StreamIndex>,
        origin: Origin,
    ) -> RealColumn {
        let (low, high) = self.laws[law as usize].sampler.support();
        let out = self.real_column(low, high, origin);
        self.ops.push(Op::Sample { law, from, stream, out });
        out
    }

    /// Arithmetic of formulas, with constants folded.
    pub fn arithmetic(&mut self, kind: Arithmetic, a: Real, b: Real, origin: Origin) -> Real {
        if let (Real::Constant(a), Real::Constant(b)) = (a, b) {
            return Real::Constant(kind.apply(a, b));
        }
        let (low, high) = interval(kind, self.bounds(a), self.bounds(b));
        let out = self.real_column(low, high, origin);
        self.ops.push(Op::Arithmetic { kind, a, b, out });
        Real::Column(out)
    }

    /// Arithmetic of measured numbers, whose range is known where they have a value.
    pub fn arithmetic_within(
        &mut self,
        kind: Arithmetic,
        a: Real,
        b: Real,
        (low, high): (f64, f64),
        origin: Origin,
    ) -> Real {
        if let (Real::Constant(a), Real::Constant(b)) = (a, b) {
            return Real::Constant(kind.apply(a, b));
        }
        let nothing = |value: Real| matches!(value, Real::Constant(value) if value.is_nan());
        if nothing(a) || nothing(b) {
            return Real::Constant(f64::NAN);
        }
        let out = self.real_column(low, high, origin);
        self.ops.push(Op::Arithmetic { kind, a, b, out });
        Real::Column(out)
    }

    /// A measured quantity as a number, divided by `per`; NaN where it is undefined.
    pub fn value(&mut self, quantity: Whole, per: i64, origin: Origin) -> Real {
        let number = |quantity: i64| quantity as f64 / per as f64;
        match quantity {
            Whole::Constant(UNDEFINED) => Real::Constant(f64::NAN),
            Whole::Constant(quantity) => Real::Constant(number(quantity)),
            Whole::Column(column) => {
                let lattice = self.lattice(quantity);
                let out = self.real_column(number(lattice.low), number(lattice.high), origin);
                self.ops.push(Op::Value { quantity: column, per, out });
                Real::Column(out)
            }
        }
    }

    /// Keeps a value within bounds, without an operation where it cannot leave them.
    pub fn clamp(&mut self, value: Real, low: f64, high: f64, origin: Origin) -> Real {
        let bounds = self.bounds(value);
        match value {
            Real::Constant(value) => Real::Constant(value.clamp(low, high)),
            Real::Column(_) if bounds.0 >= low && bounds.1 <= high => value,
            Real::Column(column) => {
                let out = self.real_column(bounds.0.clamp(low, high), bounds.1.clamp(low, high), origin);
                self.ops.push(Op::Clamp { value: column, low, high, out });
                Real::Column(out)
            }
        }
    }

    /// Whether an event happens.
    pub fn happens(&mut self, uniform: RealColumn, chance: f64, origin: Origin) -> Whole {
        let out = self.whole_column(Lattice::integers(0, 1), Unit::Flag, origin);
        self.ops.push(Op::Happens { uniform, chance, out });
        Whole::Column(out)
    }

    /// Multiplies the odds of a share where an event happens.
    pub fn shift_logit(&mut self, share: Real, happens: Whole, odds: f64, origin: Origin) -> Real {
        let shifted = |p: f64| p * odds / (1.0 - p + p * odds);
        let (low, high) = self.bounds(share);
        match (happens, share) {
            (Whole::Constant(0), _) => share,
            (Whole::Column(happens), _) => {
                let out = self.real_column(low.min(shifted(low)), high.max(shifted(high)), origin);
                self.ops.push(Op::ShiftLogit { share, happens, odds, out });
                Real::Column(out)
            }
            (Whole::Constant(_), Real::Constant(p)) => Real::Constant(shifted(p)),
            (Whole::Constant(_), Real::Column(_)) => {
                let always = self.always(origin.clone());
                self.shift_logit(share, always, odds, origin)
            }
        }
    }

    /// `x · times + plus` where an event happens.
    pub fn shift_linear(
        &mut self,
        value: Real,
        happens: Whole,
        times: f64,
        plus: f64,
        origin: Origin,
    ) -> Real {
        let (low, high) = self.bounds(value);
        let ends = [low, high, low * times + plus, high * times + plus];
        match (happens, value) {
            (Whole::Constant(0), _) => value,
            (Whole::Column(happens), _) => {
                let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
                let most = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let out = self.real_column(least, most, origin);
                self.ops.push(Op::ShiftLinear { value, happens, times, plus, out });
                Real::Column(out)
            }
            (Whole::Constant(_), Real::Constant(x)) => Real::Constant(x * times + plus),
            (Whole::Constant(_), Real::Column(_)) => {
                let always = self.always(origin.clone());
                self.shift_linear(value, always, times, plus, origin)
            }
        }
    }

    /// A flag that is 1 in every trial, as a column.
    fn always(&mut self, origin: Origin) -> Whole {
        let out = self.whole_column(Lattice::point(1), Unit::Flag, origin);
        self.ops.push(Op::Sum { plus: vec![], minus: vec![], constant: 1, out });
        Whole::Column(out)
    }
}

impl Arithmetic {
    /// The operation on two numbers.
    #[must_use]
    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Quotient if b == 0.0 => f64::NAN,
            Self::Least | Self::Greatest if a.is_nan() || b.is_nan() => f64::NAN,
            Self::Divide | Self::Quotient => a / b,
            Self::Minimum | Self::Least => a.min(b),
            Self::Maximum | Self::Greatest => a.max(b),
        }
    }
}

/// Interval arithmetic: every operation but division is monotone in each argument, or bilinear, so corners bound it.
pub(crate) fn interval(kind: Arithmetic, a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    if kind == Arithmetic::Divide && b.0 <= 0.0 && b.1 >= 0.0 {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let corners = [kind.apply(a.0, b.0), kind.apply(a.0, b.1), kind.apply(a.1, b.0), kind.apply(a.1, b.1)];
    let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
    let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low, high)
}
