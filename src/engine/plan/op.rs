//! The operations of a plan: each reads columns and writes columns, for a page of trials at a time.

use super::column::{Real, RealColumn, Whole, WholeColumn};
use super::persons::{Conditions, Faces, Group, MembersColumn, PersonLimit, Stays, Units};
use crate::contract::price::{Base, Pieces};

/// Index into [`super::Plan::addresses`].
pub type StreamIndex = u32;
/// Index into [`super::Plan::laws`].
pub type LawIndex = u32;

/// One step of a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Uniform of an address, in (0, 1).
    Uniform { stream: StreamIndex, out: RealColumn },
    /// Standard normal score of an address.
    Score { stream: StreamIndex, out: RealColumn },
    /// `Σ loading · score`: a score that depends on common factors.
    Mix { parts: Vec<(f64, RealColumn)>, out: RealColumn },
    /// The score of a t copula: a correlated normal score and the normal score of the common scale.
    Student { student: u32, score: RealColumn, common: RealColumn, out: RealColumn },
    /// Φ(score): a correlated score back to a uniform.
    Probability { score: RealColumn, out: RealColumn },
    /// The quantile of a distribution at a score or a uniform, whichever its sampler eats.
    Sample { law: LawIndex, from: RealColumn, stream: Option<StreamIndex>, out: RealColumn },
    /// Arithmetic of formulas.
    Arithmetic { kind: Arithmetic, a: Real, b: Real, out: RealColumn },
    /// Keeps a value within bounds.
    Clamp { value: RealColumn, low: f64, high: f64, out: RealColumn },
    /// Whether an event happens: `u > 1 − chance`.
    Happens { uniform: RealColumn, chance: f64, out: WholeColumn },
    /// `p·k / (1 − p + p·k)` where the event happens: `ln k` added on the logit scale.
    ShiftLogit { share: Real, happens: WholeColumn, odds: f64, out: RealColumn },
    /// `x·times + plus` where the event happens.
    ShiftLinear { value: Real, happens: WholeColumn, times: f64, plus: f64, out: RealColumn },
    /// The nearest whole number of people, never below zero.
    People { value: RealColumn, out: WholeColumn },
    /// Parts by cumulative boundaries `round(T·S_i) − round(T·S_{i−1})`.
    Divide { total: WholeColumn, numerators: Vec<i64>, denominator: i64, out: Vec<WholeColumn> },
    /// A binomial count of `of` people at rate `rate`, by exact monotone inversion.
    Count { stream: StreamIndex, of: Whole, rate: Real, out: WholeColumn },
    /// A beta-binomial count of `of` people at rate `rate` with correlation `alike` between two of them.
    ClusteredCount { stream: StreamIndex, of: Whole, rate: Real, alike: Real, out: WholeColumn },
    /// A measured level in 10⁻⁹: `level + sd·sqrt(1/n + against)·ε`; undefined when nobody is measured.
    Measure { level: Real, noise: Option<NoiseOp>, out: WholeColumn },
    /// A measured quantity as a number, divided by `per`; NaN where it is undefined.
    Value { quantity: WholeColumn, per: i64, out: RealColumn },
    /// A computed number in 10⁻⁹, nearest; undefined where it has no value.
    Nano { value: RealColumn, out: WholeColumn },
    /// The nearest multiple of `step`, half away from zero; undefined where the quantity is.
    RoundTo { quantity: WholeColumn, step: i64, out: WholeColumn },
    /// The mean of measured levels weighted by people; undefined when there is nobody.
    Pool { parts: Vec<(Whole, Whole)>, out: WholeColumn },
    /// `quantity · numerator / denominator`, half away from zero.
    Scale { quantity: WholeColumn, numerator: i64, denominator: i64, out: WholeColumn },
    /// `quantity / per · price` kroner with an uncertain price, to the øre, half away from zero.
    PriceUncertain { quantity: Whole, per: i64, price: RealColumn, out: WholeColumn },
    /// A payment function of a quantity in 10⁻⁹ (or of `nano` times a count).
    Function { quantity: WholeColumn, nano: i64, pieces: Pieces, base: Base, out: WholeColumn },
    /// `Σ plus − Σ minus`.
    Sum { plus: Vec<WholeColumn>, minus: Vec<WholeColumn>, constant: i64, out: WholeColumn },
    /// Lets `min(Σ entries, headroom)` through, cut pro rata by cumulative boundaries in the order given.
    /// Where entries may be negative (`signed`), these pass and give room; the others share what is cut.
    Vessel { entries: Vec<Whole>, headroom: Whole, passed: Vec<WholeColumn>, signed: bool },
    /// What a promise leaves due: `max(0, ⌊constant − Σ weight·paid⌋)`.
    /// `slack` is how far earlier payments can exceed it; only bounds of the terms read it.
    Due { constant: f64, slack: f64, paid: Vec<(f64, Whole)>, out: WholeColumn },
    /// The larger of two amounts.
    Larger { a: Whole, b: WholeColumn, out: WholeColumn },
    /// The amount where the flag is 1, else 0.
    Gate { amount: WholeColumn, flag: WholeColumn, out: WholeColumn },
    /// 1 where the quantity has a value from `low` to `high`.
    Within { quantity: WholeColumn, low: i64, high: i64, out: WholeColumn },
    /// A ceiling that is a share of an amount: `max(0, ⌊value · numerator / denominator⌋)`.
    Ceiling { value: WholeColumn, numerator: i64, denominator: i64, out: WholeColumn },
    /// The same share of each amount, by cumulative boundaries in the order given; no amount is negative.
    Portion { amounts: Vec<Whole>, numerator: i64, denominator: i64, out: Vec<WholeColumn> },
    /// 1 where the value is zero.
    IsZero { value: WholeColumn, out: WholeColumn },
    /// 1 where any of the flags is 1.
    Any { flags: Vec<WholeColumn>, out: WholeColumn },
    /// Which people of an intake reach an outcome, given how many.
    Faces(Faces),
    /// The people of an intake from one index up to another.
    Between { enrolled: Whole, from: Whole, to: Whole, out: MembersColumn },
    /// Which people of a group fulfil conditions on other groups.
    With { enrolled: Whole, of: Group, conditions: Conditions, out: MembersColumn },
    /// Who stays, by length and step.
    Stays(Stays),
    /// How many people a set has.
    CountMembers { members: MembersColumn, out: WholeColumn },
    /// The units of all people of an intake.
    SumUnits { enrolled: Whole, units: Units, out: WholeColumn },
    /// What a limit per person lets through of each claim, over all people of an intake.
    PersonLimit(PersonLimit),
    /// Asserts `Σ plus = Σ minus` in every trial; `account` indexes [`super::Plan::accounts`].
    Close { plus: Vec<Whole>, minus: Vec<Whole>, account: u32 },
    /// Counts the values of a column.
    Tally { column: WholeColumn, tally: u32 },
}

/// Binary operations of formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// a + b
    Add,
    /// a − b
    Subtract,
    /// a · b
    Multiply,
    /// a / b
    Divide,
    /// min(a, b)
    Minimum,
    /// max(a, b)
    Maximum,
    /// a / b of measured numbers: no value (NaN) where b is zero.
    Quotient,
    /// min(a, b) of measured numbers: no value where one has none.
    Least,
    /// max(a, b) of measured numbers: no value where one has none.
    Greatest,
}

/// Noise of a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseOp {
    /// Standard deviation of one person's value.
    pub sd: Real,
    /// ε.
    pub score: RealColumn,
    /// ε of the comparison group, where several levels share it; it is otherwise part of `score`.
    pub comparison: Option<RealColumn>,
    /// n, the people measured.
    pub people: Whole,
    /// 1/m of a comparison group of fixed size m; 0 when there is none.
    pub fixed: f64,
    /// 1/k for k matched people each: adds `matched / n`; 0 when not matched.
    pub matched: f64,
}

impl Op {
    /// The columns it reads, then the columns it writes.
    #[allow(clippy::too_many_lines)] // One arm for each kind of operation.
    pub(crate) fn visit(
        &self,
        whole: &mut dyn FnMut(WholeColumn, bool),
        real: &mut dyn FnMut(RealColumn, bool),
    ) {
        let read = |w: &Whole, f: &mut dyn FnMut(WholeColumn, bool)| {
            if let Whole::Column(c) = w {
                f(*c, false);
            }
        };
        let read_real = |r: &Real, f: &mut dyn FnMut(RealColumn, bool)| {
            if let Real::Column(c) = r {
                f(*c, false);
            }
        };
        match self {
            Self::Uniform { out, .. } | Self::Score { out, .. } => real(*out, true),
            Self::Mix { parts, out } => {
                parts.iter().for_each(|(_, c)| real(*c, false));
                real(*out, true);
            }
            Self::Student { score, common, out, .. } => {
                real(*score, false);
                real(*common, false);
                real(*out, true);
            }
            Self::Probability { score: from, out }
            | Self::Sample { from, out, .. }
            | Self::Clamp { value: from, out, .. } => {
                real(*from, false);
                real(*out, true);
            }
            Self::Arithmetic { a, b, out, .. } => {
                read_real(a, real);
                read_real(b, real);
                real(*out, true);
            }
            Self::ShiftLogit { share: value, happens, out, .. }
            | Self::ShiftLinear { value, happens, out, .. } => {
                read_real(value, real);
                whole(*happens, false);
                real(*out, true);
            }
            Self::Happens { uniform: value, out, .. }
            | Self::People { value, out }
            | Self::Nano { value, out } => {
                real(*value, false);
                whole(*out, true);
            }
            Self::Divide { total, out, .. } => {
                whole(*total, false);
                out.iter().for_each(|c| whole(*c, true));
            }
            Self::Count { of, rate, out, .. } => {
                read(of, whole);
                read_real(rate, real);
                whole(*out, true);
            }
            Self::ClusteredCount { of, rate, alike, out, .. } => {
                read(of, whole);
                read_real(rate, real);
                read_real(alike, real);
                whole(*out, true);
            }
            Self::Measure { level, noise, out } => {
                read_real(level, real);
                if let Some(noise) = noise {
                    read_real(&noise.sd, real);
                    real(noise.score, false);
                    noise.comparison.iter().for_each(|c| real(*c, false));
                    read(&noise.people, whole);
                }
                whole(*out, true);
            }
            Self::Value { quantity, out, .. } => {
                whole(*quantity, false);
                real(*out, true);
            }
            Self::Pool { parts, out } => {
                for (value, weight) in parts {
                    read(value, whole);
                    read(weight, whole);
                }
                whole(*out, true);
            }
            Self::Scale { quantity: from, out, .. }
            | Self::RoundTo { quantity: from, out, .. }
            | Self::Within { quantity: from, out, .. }
            | Self::Function { quantity: from, out, .. }
            | Self::Ceiling { value: from, out, .. }
            | Self::IsZero { value: from, out } => {
                whole(*from, false);
                whole(*out, true);
            }
            Self::PriceUncertain { quantity, price, out, .. } => {
                read(quantity, whole);
                real(*price, false);
                whole(*out, true);
            }
            Self::Larger { a, b, out } => {
                read(a, whole);
                whole(*b, false);
                whole(*out, true);
            }
            Self::Gate { amount, flag, out } => {
                whole(*amount, false);
                whole(*flag, false);
                whole(*out, true);
            }
            Self::Sum { plus, minus, out, .. } => {
                plus.iter().chain(minus).for_each(|c| whole(*c, false));
                whole(*out, true);
            }
            Self::Vessel { .. } | Self::Portion { .. } | Self::Due { .. } => self.visit_limit(whole),
            Self::Any { flags, out } => {
                flags.iter().for_each(|c| whole(*c, false));
                whole(*out, true);
            }
            Self::Close { plus, minus, .. } => plus.iter().chain(minus).for_each(|w| read(w, whole)),
            Self::Tally { column, .. } => whole(*column, false),
            Self::Faces(_)
            | Self::Between { .. }
            | Self::Stays(_)
            | Self::With { .. }
            | Self::CountMembers { .. }
            | Self::SumUnits { .. }
            | Self::PersonLimit(_) => self.visit_of_persons(whole, real),
        }
    }

    /// The columns of an operation of limits.
    fn visit_limit(&self, whole: &mut dyn FnMut(WholeColumn, bool)) {
        let mut read = |w: &Whole| {
            if let Whole::Column(c) = w {
                whole(*c, false);
            }
        };
        let written = match self {
            Self::Vessel { entries, headroom, passed, .. } => {
                entries.iter().for_each(&mut read);
                read(headroom);
                passed.as_slice()
            }
            Self::Portion { amounts, out, .. } => {
                amounts.iter().for_each(&mut read);
                out
            }
            Self::Due { paid, out, .. } => {
                paid.iter().for_each(|(_, w)| read(w));
                std::slice::from_ref(out)
            }
            _ => &[],
        };
        written.iter().for_each(|c| whole(*c, true));
    }
}
