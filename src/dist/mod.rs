//! Distributions of uncertain inputs: one a file, all of one shape.
//!
//! A distribution is checked when it is made. [`Law`] is what all of them can be asked; [`Distribution`] is any of
//! them, [`Bounded`] one of them cut to a range, and [`Sampler`] the compiled form that a run evaluates with
//! nothing but + − × and square roots.

#![allow(clippy::neg_cmp_op_on_partial_ord, reason = "`!(a < b)` refuses NaN, which `a >= b` lets pass")]

mod beta;
mod bounded;
mod discrete;
mod empirical;
mod fit;
mod fixed;
#[cfg(test)]
mod harness;
pub(crate) mod incomplete_beta;
mod law;
mod log_normal;
mod metalog;
mod mixture;
mod moments;
mod normal;
mod number;
mod pert;
mod pieces;
mod range;
mod reference;
mod sampler;
mod table;
mod tails;
mod triangular;
mod uniform;

pub use beta::{Beta, BetaError};
pub use bounded::{Bounded, BoundedError};
pub use discrete::{Discrete, DiscreteError};
pub use empirical::{Empirical, EmpiricalError};
pub use fit::{Family, Fit, FitError};
pub use fixed::{Fixed, FixedError};
pub use law::Law;
pub use log_normal::{LogNormal, LogNormalError};
pub(crate) use metalog::term as metalog_term;
pub use metalog::{Metalog, MetalogError};
pub use mixture::{Mixture, MixtureError};
pub use normal::{Normal, NormalError};
pub use number::NumberError;
pub use pert::{Pert, PertError};
pub use range::{Range, RangeError, Scale};
pub use reference::ReferenceSampler;
pub use sampler::{Feed, Sampler};
pub use table::ScoreTable;
pub use tails::Tails;
pub use triangular::{Triangular, TriangularError};
pub use uniform::{Uniform, UniformError};

/// Any of the distributions an input can have.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// A number that is known.
    Fixed(Fixed),
    /// Every value of an interval equally likely.
    Uniform(Uniform),
    /// Two straight lines up to a mode and down.
    Triangular(Triangular),
    /// A Beta on low..high from a low, a most likely and a high value.
    Pert(Pert),
    /// A share between 0 and 1.
    Beta(Beta),
    /// The bell curve.
    Normal(Normal),
    /// A positive number whose logarithm is normal.
    LogNormal(LogNormal),
    /// A number given by its 10, 50 and 90 % points.
    Range(Range),
    /// A few values, each with its chance.
    Discrete(Discrete),
    /// Observed values, all equally likely.
    Empirical(Empirical),
    /// A number given by any quantiles.
    Metalog(Metalog),
    /// One of several distributions, each with its weight.
    Mixture(Mixture),
}

impl Distribution {
    /// Whether it is a number that is known.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// The law behind the variant.
    pub(crate) fn law(&self) -> &dyn Law {
        match self {
            Self::Fixed(law) => law,
            Self::Uniform(law) => law,
            Self::Triangular(law) => law,
            Self::Pert(law) => law,
            Self::Beta(law) => law,
            Self::Normal(law) => law,
            Self::LogNormal(law) => law,
            Self::Range(law) => law,
            Self::Discrete(law) => law,
            Self::Empirical(law) => law,
            Self::Metalog(law) => law,
            Self::Mixture(law) => law,
        }
    }
}

impl Law for Distribution {
    fn cdf(&self, x: f64) -> Tails {
        self.law().cdf(x)
    }

    fn below(&self, x: f64) -> Tails {
        self.law().below(x)
    }

    fn quantile(&self, at: Tails) -> f64 {
        self.law().quantile(at)
    }

    fn mean(&self) -> f64 {
        self.law().mean()
    }

    fn standard_deviation(&self) -> f64 {
        self.law().standard_deviation()
    }

    fn support(&self) -> (f64, f64) {
        self.law().support()
    }

    fn kink(&self) -> Option<Tails> {
        self.law().kink()
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        self.law().atoms()
    }

    fn marching(&self) -> Box<dyn FnMut(Tails) -> f64 + '_> {
        self.law().marching()
    }
}

/// Why a distribution was refused; the text of the reason is that of its own type.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// See [`FixedError`].
    #[error(transparent)]
    Fixed(#[from] FixedError),
    /// See [`UniformError`].
    #[error(transparent)]
    Uniform(#[from] UniformError),
    /// See [`TriangularError`].
    #[error(transparent)]
    Triangular(#[from] TriangularError),
    /// See [`PertError`].
    #[error(transparent)]
    Pert(#[from] PertError),
    /// See [`BetaError`].
    #[error(transparent)]
    Beta(#[from] BetaError),
    /// See [`NormalError`].
    #[error(transparent)]
    Normal(#[from] NormalError),
    /// See [`LogNormalError`].
    #[error(transparent)]
    LogNormal(#[from] LogNormalError),
    /// See [`RangeError`].
    #[error(transparent)]
    Range(#[from] RangeError),
    /// See [`DiscreteError`].
    #[error(transparent)]
    Discrete(#[from] DiscreteError),
    /// See [`EmpiricalError`].
    #[error(transparent)]
    Empirical(#[from] EmpiricalError),
    /// See [`MetalogError`].
    #[error(transparent)]
    Metalog(#[from] MetalogError),
    /// See [`MixtureError`].
    #[error(transparent)]
    Mixture(#[from] MixtureError),
    /// See [`BoundedError`].
    #[error(transparent)]
    Bounded(#[from] BoundedError),
}

/// Lets every distribution stand where [`Distribution`] is asked for.
macro_rules! any_of {
    ($($name:ident),*) => {
        $(impl From<$name> for Distribution {
            fn from(law: $name) -> Self {
                Self::$name(law)
            }
        })*
    };
}

any_of!(
    Fixed, Uniform, Triangular, Pert, Beta, Normal, LogNormal, Range, Discrete, Empirical, Metalog, Mixture
);
