//! Nodes and weights for integrals over a standard normal number.

use std::f64::consts::PI;

use crate::dist::Tails;

/// Beyond this a standard normal number has probability 1.3e-12 on either side.
const END: f64 = 7.0;

/// A rule: points with weights that add up to 1.
pub(super) type Points = Vec<(f64, f64)>;

/// A rule for smooth functions of a standard normal number, or of one with a kink.
///
/// Smooth: the trapezoidal rule, whose error falls geometrically for functions that are analytic and vanish at both
/// ends (Trefethen and Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014). With a kink:
/// Gauss and Legendre on either side of it. Every `level` halves the step.
pub(super) fn normal(level: u32, kink: Option<f64>) -> Points {
    let points = match kink.filter(|kink| kink.abs() < END) {
        None => {
            let count = 14 << level;
            let step = END / f64::from(count);
            (-count..=count).map(|k| (f64::from(k) * step, step)).collect()
        }
        Some(kink) => {
            let side = |low: f64, high: f64| {
                // Long sides are cut into panels of about equal width.
                let panels = ((high - low) / 3.5).ceil().max(1.0);
                let width = (high - low) / panels;
                let rule = legendre(8 << level);
                (0..panels as u32).flat_map(move |panel| {
                    let middle = low + (f64::from(panel) + 0.5) * width;
                    let point = move |(x, w): &(f64, f64)| (middle + x * width / 2.0, w * width / 2.0);
                    rule.iter().map(point).collect::<Vec<_>>()
                })
            };
            side(-END, kink).chain(side(kink, END)).collect::<Points>()
        }
    };
    let dense: Points = points.into_iter().map(|(z, w)| (z, w * libm::exp(-0.5 * z * z))).collect();
    let sum: f64 = dense.iter().map(|(_, w)| w).sum();
    dense.into_iter().map(|(z, w)| (z, w / sum)).collect()
}

/// The rule of Gauss and Legendre with `n` points on [−1, 1]: roots of `P_n` by Newton from Tricomi's estimate, weights
/// `2 / ((1 − x²) P_n′(x)²)` (Abramowitz and Stegun 25.4.29).
fn legendre(n: u32) -> Points {
    let root = |i: u32| {
        let mut x = libm::cos(PI * (f64::from(i) + 0.75) / (f64::from(n) + 0.5));
        let mut slope = 1.0;
        for _ in 0..100 {
            let (value, derivative) = polynomial(n, x);
            slope = derivative;
            let step = value / derivative;
            x -= step;
            if step.abs() < 1e-15 {
                break;
            }
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..n).map(root).collect()
}

/// `P_n(x)` and its derivative, by the recurrence of the Legendre polynomials.
fn polynomial(n: u32, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (1.0, x);
    for k in 2..=n {
        let k = f64::from(k);
        (before, now) = (now, ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k);
    }
    (now, f64::from(n) * (x * now - before) / (x * x - 1.0))
}

/// P(low < Z ≤ high) of a standard normal number, to full relative accuracy in the tails.
pub(super) fn between(low: f64, high: f64) -> f64 {
    Tails::from_score(low).mass_to(Tails::from_score(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integral(points: &Points, f: impl Fn(f64) -> f64) -> f64 {
        points.iter().map(|(z, w)| w * f(*z)).sum()
    }

    #[test]
    fn moments_of_the_normal() {
        for points in [normal(0, None), normal(1, Some(0.3)), normal(1, Some(-2.0))] {
            assert!((integral(&points, |z| z * z) - 1.0).abs() < 1e-9);
            assert!((integral(&points, |z| z * z * z * z) - 3.0).abs() < 1e-8);
        }
    }

    #[test]
    fn a_kink_costs_nothing_where_it_is_known() {
        // E max(0, Z − k) = φ(k) − k (1 − Φ(k)).
        let k = 0.4f64;
        let exact = libm::exp(-0.5 * k * k) / (2.0 * PI).sqrt() - k * Tails::from_score(k).upper();
        let error = |points: &Points| (integral(points, |z| (z - k).max(0.0)) - exact).abs();
        assert!(error(&normal(1, Some(k))) < 1e-10);
        assert!(error(&normal(1, None)) > 1e-6);
    }
}
