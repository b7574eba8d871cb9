//! A matrix of correlations: ones on the diagonal, symmetric, between −1 and 1; whether it can hold is another question.

use thiserror::Error;

/// A pivot this near to zero is zero: the number follows wholly from those before it.
const NO_PIVOT: f64 = 1e-10;
/// What may be left over beside a pivot of zero.
const NO_REST: f64 = 1e-7;

/// Correlations of n numbers, of ranks or of scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    n: usize,
    /// Row by row.
    values: Vec<f64>,
}

/// Why a [`Matrix`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// It is not square.
    #[error("{values} values are no square of {n}")]
    Shape {
        /// Numbers.
        n: usize,
        /// Values given.
        values: usize,
    },
    /// A value is no correlation, the diagonal is not 1, or both sides of it differ.
    #[error(
        "row {row}, column {column} is {value}; correlations lie between -1 and 1, with 1 on the diagonal"
    )]
    Value {
        /// The row, from 1.
        row: usize,
        /// The column, from 1.
        column: usize,
        /// The value.
        value: f64,
    },
}

impl Matrix {
    /// From the rows of a full matrix.
    ///
    /// # Errors
    /// Unless it is square and symmetric with ones on the diagonal and all values from −1 to 1.
    pub fn new(n: usize, values: Vec<f64>) -> Result<Self, MatrixError> {
        if n == 0 || values.len() != n * n {
            return Err(MatrixError::Shape { n, values: values.len() });
        }
        let matrix = Self { n, values };
        for row in 0..n {
            for column in 0..n {
                let value = matrix.at(row, column);
                let mirrored = value.to_bits() == matrix.at(column, row).to_bits();
                let diagonal = row != column || (value - 1.0).abs() < f64::EPSILON;
                if !(value.abs() <= 1.0) || !mirrored || !diagonal {
                    return Err(MatrixError::Value { row: row + 1, column: column + 1, value });
                }
            }
        }
        Ok(matrix)
    }

    /// Values that are known to be correlations.
    pub(super) fn known(n: usize, values: Vec<f64>) -> Self {
        Self { n, values }
    }

    /// How many numbers it is of.
    #[must_use]
    pub fn size(&self) -> usize {
        self.n
    }

    /// The correlation of two numbers, counted from 0.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.n + column]
    }

    /// Row by row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Pairs of different numbers, each once, in the order of the rows.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let n = self.n;
        (0..n).flat_map(move |row| (row + 1..n).map(move |column| (row, column)))
    }

    /// The same with every pair changed.
    pub(super) fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        let mut values = self.values.clone();
        for (row, column) in self.pairs() {
            let value = change(self.at(row, column)).clamp(-1.0, 1.0);
            values[row * self.n + column] = value;
            values[column * self.n + row] = value;
        }
        Self { n: self.n, values }
    }

    /// The Frobenius norm of the difference to another of the same size: the root of the sum of squares.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        self.values.iter().zip(&other.values).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    }

    /// The lower triangle L with L Lᵀ = this matrix, by rows; nothing where there is none: it cannot hold.
    ///
    /// Row i depends on the first i numbers only, so a number that is added at the end changes no other row (Cholesky,
    /// in Golub and Van Loan, *Matrix Computations*, section 4.2.9 for the semidefinite case).
    #[must_use]
    pub fn lower(&self) -> Option<Vec<Vec<f64>>> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(self.n);
        for row in 0..self.n {
            let mut next = Vec::with_capacity(row + 1);
            for (column, above) in rows.iter().enumerate() {
                let rest = self.at(row, column) - dot(&next, above);
                let pivot = above[column];
                if pivot > 0.0 {
                    next.push(rest / pivot);
                } else if rest.abs() <= NO_REST {
                    next.push(0.0);
                } else {
                    return None;
                }
            }
            let left = 1.0 - dot(&next, &next);
            if left < -NO_PIVOT {
                return None;
            }
            next.push(if left > NO_PIVOT { left.sqrt() } else { 0.0 });
            rows.push(next);
        }
        Some(rows)
    }
}

/// Σ aᵢ bᵢ over the shorter of two rows.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn three(a: f64, b: f64, c: f64) -> Matrix {
        Matrix::new(3, vec![1.0, a, b, a, 1.0, c, b, c, 1.0]).unwrap()
    }

    #[test]
    fn the_triangle_gives_the_matrix_back() {
        let matrix = three(0.5, 0.3, -0.2);
        let rows = matrix.lower().unwrap();
        for (i, j) in matrix.pairs() {
            assert!((dot(&rows[i], &rows[j]) - matrix.at(i, j)).abs() < 1e-15);
        }
    }

    #[test]
    fn numbers_that_are_the_same_can_hold() {
        let rows = three(1.0, -1.0, -1.0).lower().unwrap();
        assert_eq!(rows, [vec![1.0], vec![1.0, 0.0], vec![-1.0, 0.0, 0.0]]);
    }

    #[test]
    fn what_contradicts_itself_cannot_hold() {
        assert_eq!(three(0.9, 0.9, -0.9).lower(), None);
        assert_eq!(three(1.0, 0.5, 0.4).lower(), None);
    }

    #[test]
    fn a_number_at_the_end_changes_no_row_before_it() {
        let two = Matrix::new(2, vec![1.0, 0.5, 0.5, 1.0]).unwrap().lower().unwrap();
        assert_eq!(three(0.5, 0.3, -0.2).lower().unwrap()[..2], two);
    }

    #[test]
    fn refuses_what_is_no_correlation() {
        assert_eq!(Matrix::new(2, vec![1.0]), Err(MatrixError::Shape { n: 2, values: 1 }));
        for bad in [f64::NAN, 1.5, -2.0] {
            assert!(Matrix::new(2, vec![1.0, bad, bad, 1.0]).is_err());
        }
        assert!(Matrix::new(2, vec![1.0, 0.5, 0.4, 1.0]).is_err() && Matrix::new(1, vec![0.9]).is_err());
        let text = Matrix::new(2, vec![1.0, 3.0, 3.0, 1.0]).unwrap_err().to_string();
        assert_eq!(text, "row 1, column 2 is 3; correlations lie between -1 and 1, with 1 on the diagonal");
    }

    proptest! {
        /// With three numbers the condition is closed: 1 + 2abc ≥ a² + b² + c².
        #[test]
        fn three_numbers_hold_together_by_the_closed_condition(
            a in -1.0f64..1.0, b in -1.0f64..1.0, c in -1.0f64..1.0,
        ) {
            let determinant = 1.0 + 2.0 * a * b * c - a * a - b * b - c * c;
            prop_assume!(determinant.abs() > 1e-6);
            prop_assert_eq!(three(a, b, c).lower().is_some(), determinant > 0.0);
        }
    }
}
