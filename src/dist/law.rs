//! What every distribution can be asked.

use super::Tails;

/// A probability law on the real line.
///
/// Values are in the unit of the input: people, kroner, shares. Nothing here is called inside a run; these
/// functions may use transcendental functions (from `libm`) and are meant for compiling, exact checks and reports.
pub trait Law {
    /// P(X ≤ x) and P(X > x). A `x` that is not a number counts as below everything.
    fn cdf(&self, x: f64) -> Tails;

    /// P(X < x) and P(X ≥ x): differs from [`Law::cdf`] where a value has a probability of its own.
    fn below(&self, x: f64) -> Tails {
        self.cdf(x)
    }

    /// The value with those tails: the smallest x whose P(X ≤ x) exceeds `at.lower()`, or the end of the support
    /// at the very ends. Never decreases in `at`.
    fn quantile(&self, at: Tails) -> f64;

    /// The expected value.
    fn mean(&self) -> f64;

    /// The standard deviation.
    fn standard_deviation(&self) -> f64;

    /// The smallest and largest possible value; may be infinite.
    fn support(&self) -> (f64, f64);

    /// Where the quantile has a kink, if it has one: tables and integrals put a boundary there.
    fn kink(&self) -> Option<Tails> {
        None
    }

    /// All values with their probabilities, ascending, when there are finitely many.
    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        None
    }

    /// [`Law::quantile`] for a caller who moves in small steps of equal normal score: it may remember where it was.
    fn marching(&self) -> Box<dyn FnMut(Tails) -> f64 + '_> {
        Box::new(|at| self.quantile(at))
    }
}
