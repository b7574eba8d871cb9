//! The nearest correlation matrix to one that cannot hold (Higham, IMA Journal of Numerical Analysis 22, 2002, algorithm 3.3).
//!
//! Alternating projections with Dykstra's correction between matrices without negative eigenvalues and matrices with ones on
//! the diagonal; they converge to the nearest in the Frobenius norm.

use super::eigen::eigen;
use super::matrix::Matrix;

/// No eigenvalue is below this, so that the triangle exists beyond doubt.
const LEAST: f64 = 1e-6;
/// Projections end when both sets are this near to each other.
const NEAR: f64 = 1e-9;
/// They converge linearly; what is reached by then is near enough to be stated as it is.
const MOST_ROUNDS: usize = 2_000;

/// A matrix that can hold, and how far it is from what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// The matrix.
    pub matrix: Matrix,
    /// The Frobenius norm of the difference.
    pub distance: f64,
}

/// The nearest correlation matrix without eigenvalues below 1e-6; the matrix itself where it can hold.
#[must_use]
pub fn nearest(asked: &Matrix) -> Nearest {
    if asked.lower().is_some() {
        return Nearest { matrix: asked.clone(), distance: 0.0 };
    }
    let n = asked.size();
    let mut y = asked.values().to_vec();
    let mut correction = vec![0.0; n * n];
    for _ in 0..MOST_ROUNDS {
        let r: Vec<f64> = y.iter().zip(&correction).map(|(y, c)| y - c).collect();
        let x = without_negative(&r, n);
        correction.iter_mut().zip(x.iter().zip(&r)).for_each(|(c, (x, r))| *c = x - r);
        y.copy_from_slice(&x);
        (0..n).for_each(|i| y[i * n + i] = 1.0);
        let apart: f64 = (0..n).map(|i| (x[i * n + i] - 1.0) * (x[i * n + i] - 1.0)).sum();
        if apart.sqrt() < NEAR * n as f64 {
            break;
        }
    }
    let matrix = holding(Matrix::known(n, y));
    Nearest { distance: asked.distance(&matrix), matrix }
}

/// The nearest matrix without eigenvalues below the least.
fn without_negative(a: &[f64], n: usize) -> Vec<f64> {
    let (values, vectors) = eigen(a.to_vec(), n);
    let mut found = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let sum = (0..n).map(|k| vectors[i * n + k] * values[k].max(LEAST) * vectors[j * n + k]).sum();
            (found[i * n + j], found[j * n + i]) = (sum, sum);
        }
    }
    found
}

/// Drawn towards independence until the triangle exists: at once, unless the rounds ran out.
fn holding(mut matrix: Matrix) -> Matrix {
    while matrix.lower().is_none() {
        matrix = matrix.map(|value| value * 0.999);
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn three(a: f64, b: f64, c: f64) -> Matrix {
        Matrix::new(3, vec![1.0, a, b, a, 1.0, c, b, c, 1.0]).unwrap()
    }

    /// The example of section 4 of the paper: 0.7607 and 0.1573, at a distance of 0.5278.
    #[test]
    fn the_published_example() {
        let found = nearest(&three(1.0, 0.0, 1.0));
        assert!((found.distance - 0.5278).abs() < 1e-4, "{}", found.distance);
        for ((i, j), expected) in [((0, 1), 0.7607), ((0, 2), 0.1573), ((1, 2), 0.7607)] {
            assert!((found.matrix.at(i, j) - expected).abs() < 1e-4, "{i} {j} {}", found.matrix.at(i, j));
        }
    }

    #[test]
    fn what_can_hold_stays_to_the_last_bit() {
        let asked = three(0.5, 0.3, 0.1);
        assert_eq!(nearest(&asked), Nearest { matrix: asked, distance: 0.0 });
    }

    #[test]
    fn forty_numbers_that_all_run_against_each_other() {
        let n = 40;
        let values = (0..n * n).map(|i| if i / n == i % n { 1.0 } else { -0.4 }).collect();
        let found = nearest(&Matrix::new(n, values).unwrap());
        // By symmetry the nearest has equal correlations, the least that can hold: −1 / (n − 1).
        for (i, j) in found.matrix.pairs() {
            assert!((found.matrix.at(i, j) + 1.0 / 39.0).abs() < 1e-6, "{}", found.matrix.at(i, j));
        }
    }

    proptest! {
        /// No matrix that can hold lies nearer: not the result moved a little towards any other that can.
        #[test]
        fn nothing_that_holds_is_nearer(
            a in -1.0f64..1.0, b in -1.0f64..1.0, c in -1.0f64..1.0,
            d in -0.4f64..0.4, e in -0.4f64..0.4, f in -0.4f64..0.4,
        ) {
            let asked = three(a, b, c);
            let found = nearest(&asked);
            let other = three(d, e, f);
            let mixed: Vec<f64> =
                found.matrix.values().iter().zip(other.values()).map(|(x, o)| 0.999 * x + 0.001 * o).collect();
            let moved = Matrix::new(3, mixed).unwrap();
            prop_assert!(asked.distance(&moved) >= found.distance - 1e-5);
            prop_assert!(found.matrix.lower().is_some());
        }
    }
}
