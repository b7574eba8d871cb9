//! Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations: + − × ÷ and square roots in a fixed order.

/// Rounds over all pairs; eight are enough for any matrix of a few hundred rows.
const MOST_ROUNDS: usize = 40;

/// A = V diag(values) Vᵀ: the eigenvalues, and the eigenvectors as columns of V, row by row.
///
/// Cyclic rotations (Golub and Van Loan, *Matrix Computations*, algorithm 8.4.3) until what is off the diagonal is
/// below 1e-15 of the whole.
pub(super) fn eigen(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|i| vectors[i * n + i] = 1.0);
    let whole: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..MOST_ROUNDS {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i * n + j] * a[i * n + j]).sum();
        if !(off > 1e-30 * whole) {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if let Some((c, s)) = rotation(a[p * n + p], a[p * n + q], a[q * n + q]) {
                    rotate(&mut a, &mut vectors, n, (p, q), (c, s));
                }
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

/// Cosine and sine of the rotation that makes `a_pq` zero; nothing where it is zero.
fn rotation(app: f64, apq: f64, aqq: f64) -> Option<(f64, f64)> {
    if !(apq.abs() > 0.0) {
        return None;
    }
    let tau = (aqq - app) / (2.0 * apq);
    let t = 1.0 / (tau.abs() + (1.0 + tau * tau).sqrt());
    let t = if tau < 0.0 { -t } else { t };
    let c = 1.0 / (1.0 + t * t).sqrt();
    Some((c, t * c))
}

fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, (p, q): (usize, usize), (c, s): (f64, f64)) {
    for k in 0..n {
        turn(a, k * n + p, k * n + q, c, s);
    }
    for k in 0..n {
        turn(a, p * n + k, q * n + k, c, s);
        turn(vectors, k * n + p, k * n + q, c, s);
    }
}

fn turn(values: &mut [f64], i: usize, j: usize, c: f64, s: f64) {
    let (x, y) = (values[i], values[j]);
    values[i] = c * x - s * y;
    values[j] = s * x + c * y;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_of_equal_correlations_are_known() {
        let (n, r) = (6, 0.3);
        let a: Vec<f64> = (0..n * n).map(|i| if i / n == i % n { 1.0 } else { r }).collect();
        let (mut values, _) = eigen(a, n);
        values.sort_by(f64::total_cmp);
        assert!((values[5] - (1.0 + 5.0 * r)).abs() < 1e-14);
        assert!(values[..5].iter().all(|value| (value - (1.0 - r)).abs() < 1e-14), "{values:?}");
    }

    #[test]
    fn the_parts_give_the_matrix_back() {
        let n = 9;
        let mut a = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let value = (((i * 7 + j * 13) % 11) as f64 - 5.0) / 6.0;
                (a[i * n + j], a[j * n + i]) = (value, value);
            }
        }
        let (values, vectors) = eigen(a.clone(), n);
        for i in 0..n {
            for j in 0..n {
                let back: f64 = (0..n).map(|k| vectors[i * n + k] * values[k] * vectors[j * n + k]).sum();
                assert!((back - a[i * n + j]).abs() < 1e-13, "{i} {j}");
            }
        }
    }
}
