//! The Beta distribution: a share between 0 and 1 that is not known.

use super::incomplete_beta::{IncompleteBeta, Point};
use super::number::{NumberError, number};
use super::{Law, Tails};

/// Density x^(a−1) (1 − x)^(b−1) / B(a, b) on 0..1; like a share seen in a + b people, of whom a reached it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
    integral: IncompleteBeta,
}

/// Why a [`Beta`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BetaError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A shape is not positive, or so extreme that the share is as good as known.
    #[error(
        "Beta shapes a {a} and b {b} must lie between 0.01 and 1e7; \
         above that write the share itself, below it a choice between 0 and 1"
    )]
    Shape {
        /// The first shape.
        a: f64,
        /// The second shape.
        b: f64,
    },
    /// The mean is not a share.
    #[error("mean {mean} is not strictly between 0 and 1; write 30 % as 0.30")]
    Mean {
        /// The mean as given.
        mean: f64,
    },
    /// No Beta with that mean spreads so far, or the spread is not positive.
    #[error("sd {sd} does not fit a share with mean {mean}: it must lie between 0 and {largest:.4}")]
    Spread {
        /// The mean as given.
        mean: f64,
        /// The standard deviation as given.
        sd: f64,
        /// The standard deviation that no share with this mean reaches, √(mean (1 − mean)).
        largest: f64,
    },
    /// The number of people the mean is worth is not positive.
    #[error("n {n} must be positive: the number of people the mean is worth")]
    Worth {
        /// The number as given.
        n: f64,
    },
}

impl Beta {
    /// From the two shapes, `a` for those who reach it and `b` for those who do not.
    ///
    /// # Errors
    ///
    /// When a shape is not between 0.01 and 1e7.
    pub fn new(a: f64, b: f64) -> Result<Self, BetaError> {
        let (a, b) = (number("a", a)?, number("b", b)?);
        let usable = 0.01..=1e7;
        if !(usable.contains(&a) && usable.contains(&b)) {
            return Err(BetaError::Shape { a, b });
        }
        Ok(Self::of_shapes(a, b))
    }

    /// From shapes known to be in range.
    pub(super) fn of_shapes(a: f64, b: f64) -> Self {
        Self { a, b, integral: IncompleteBeta::new(a, b) }
    }

    /// From the mean and the standard deviation of the share: a + b = mean (1 − mean) / sd² − 1.
    ///
    /// # Errors
    ///
    /// When the mean is not between 0 and 1, or the standard deviation not between 0 and √(mean (1 − mean)).
    pub fn from_mean_sd(mean: f64, sd: f64) -> Result<Self, BetaError> {
        let (mean, sd) = (share(mean)?, number("sd", sd)?);
        let largest = (mean * (1.0 - mean)).sqrt();
        if !(sd > 0.0 && sd < largest) {
            return Err(BetaError::Spread { mean, sd, largest });
        }
        // A tiny sd squares to zero and would make n infinite; the shape check then names n, not the user's sd.
        let n = (mean * (1.0 - mean) / (sd * sd) - 1.0).min(1e15);
        Self::new(mean * n, (1.0 - mean) * n)
    }

    /// From the mean and the number of people that evidence is worth: a = mean n, b = (1 − mean) n.
    ///
    /// # Errors
    ///
    /// When the mean is not between 0 and 1 or `n` is not positive.
    pub fn from_mean_n(mean: f64, n: f64) -> Result<Self, BetaError> {
        let (mean, n) = (share(mean)?, number("n", n)?);
        if !(n > 0.0) {
            return Err(BetaError::Worth { n });
        }
        Self::new(mean * n, (1.0 - mean) * n)
    }

    /// The first shape.
    pub fn a(&self) -> f64 {
        self.a
    }

    /// The second shape.
    pub fn b(&self) -> f64 {
        self.b
    }

    /// Tails at `x`, given 1 − x as well because near 1 only the complement has digits.
    pub(super) fn tails_at(&self, x: f64, complement: f64) -> Tails {
        if !(x > 0.0) {
            Tails::BOTTOM
        } else if !(complement > 0.0) {
            Tails::TOP
        } else {
            self.integral.tails(Point::at(x, complement))
        }
    }
}

fn share(mean: f64) -> Result<f64, BetaError> {
    let mean = number("mean", mean)?;
    if mean > 0.0 && mean < 1.0 { Ok(mean) } else { Err(BetaError::Mean { mean }) }
}

impl Law for Beta {
    fn cdf(&self, x: f64) -> Tails {
        self.tails_at(x, 1.0 - x)
    }

    fn quantile(&self, at: Tails) -> f64 {
        Point::at_logit(self.integral.logit(at)).x()
    }

    fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// √(m (1 − m) / (a + b + 1)) with m the mean.
    fn standard_deviation(&self) -> f64 {
        let n = self.a + self.b;
        (self.a / n * (self.b / n) / (n + 1.0)).sqrt()
    }

    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    /// Starts each solution from the cubic through the last four logits, which is within 1e-6 for ordinary shapes.
    fn marching(&self) -> Box<dyn FnMut(Tails) -> f64 + '_> {
        let mut last = [f64::NAN; 4];
        Box::new(move |at| {
            let cubic = 4.0 * (last[3] + last[1]) - 6.0 * last[2] - last[0];
            let line = 2.0 * last[3] - last[2];
            let guess = [cubic, line].into_iter().find(|guess| guess.is_finite());
            let logit = self.integral.logit_from(at, guess);
            last.rotate_left(1);
            last[3] = logit;
            Point::at_logit(logit).x()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        for (a, b) in
            [(8.0, 8.0), (18.0, 27.0), (0.7, 2.0), (0.05, 0.05), (2.0, 0.5), (1.0, 1.0), (900.0, 40.0)]
        {
            harness::check(&Beta::new(a, b).unwrap());
        }
    }

    #[test]
    fn agrees_with_statrs() {
        for (a, b) in [(8.0, 12.0), (0.7, 2.0), (0.05, 3.0), (300.0, 900.0)] {
            let oracle = statrs::distribution::Beta::new(a, b).unwrap();
            harness::agrees_with(&Beta::new(a, b).unwrap(), &oracle, 1e-11);
        }
    }

    #[test]
    fn shapes_follow_from_mean_and_spread() {
        let beta = Beta::from_mean_sd(0.77, 0.067).unwrap();
        assert!((beta.mean() - 0.77).abs() < 1e-15);
        assert!((beta.standard_deviation() - 0.067).abs() < 1e-15);
        let beta = Beta::from_mean_n(0.4, 45.0).unwrap();
        assert!((beta.a() - 18.0).abs() < 1e-14 && (beta.b() - 27.0).abs() < 1e-14);
    }

    #[test]
    fn refuses_what_is_no_share() {
        harness::refuses_bad_numbers(&[2.0, 3.0], |p| Beta::new(p[0], p[1]).is_err());
        harness::refuses_bad_numbers(&[0.5, 0.1], |p| Beta::from_mean_sd(p[0], p[1]).is_err());
        harness::refuses_bad_numbers(&[0.5, 9.0], |p| Beta::from_mean_n(p[0], p[1]).is_err());
        assert!(
            Beta::new(0.0, 1.0).is_err() && Beta::new(1.0, -1.0).is_err() && Beta::new(1.0, 1e8).is_err()
        );
        assert!(Beta::from_mean_n(0.3, 0.0).is_err());
        assert!(Beta::from_mean_sd(0.3, 1e-200).is_err());
        let text = Beta::from_mean_n(30.0, 40.0).unwrap_err().to_string();
        assert_eq!(text, "mean 30 is not strictly between 0 and 1; write 30 % as 0.30");
        let text = Beta::from_mean_sd(0.2, 0.4).unwrap_err().to_string();
        assert_eq!(text, "sd 0.4 does not fit a share with mean 0.2: it must lie between 0 and 0.4000");
    }
}
