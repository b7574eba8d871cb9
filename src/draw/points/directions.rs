//! Direction numbers of Sobol points: those of Joe and Kuo, the first 1,024 dimensions.
//!
//! Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM Journal on Scientific Computing
//! 30, 2008: the set `new-joe-kuo-6.21201` of 2010, of which the file beside this one is the beginning, line by line. The
//! numbers are © 2008 Frances Y. Kuo and Stephen Joe, under the three-clause BSD licence (`LICENSE-joe-kuo`).

/// Dimensions there are.
pub const DIMENSIONS: usize = 1024;

/// Digits of an index that count: a replicate has at most 2^35 points.
pub const DIGITS: usize = 36;

/// One dimension a line, from the second on: number, degree s, coefficients a of the primitive polynomial, `m₁ .. m_s`.
const TABLE: &str = include_str!("new-joe-kuo-6.1024");

/// The direction numbers of a dimension, counted from 0, as binary fractions of 64 digits.
///
/// With the polynomial `x^s + a₁ x^(s−1) + .. + 1`, `m_k = 2 a₁ m_(k−1) ⊕ .. ⊕ 2^s m_(k−s) ⊕ m_(k−s)` (Joe and Kuo,
/// equation 2).
pub fn directions(dimension: usize) -> [u64; DIGITS] {
    let mut found = [0; DIGITS];
    let mut line = TABLE.lines().nth(dimension).unwrap_or_default().split_ascii_whitespace().skip(1);
    let mut next = || line.next().and_then(|text| text.parse::<u64>().ok());
    let Some((degree, coefficients)) = next().zip(next()) else {
        // The first dimension has no polynomial, and no line but the heading.
        return std::array::from_fn(|k| 1 << (63 - k));
    };
    let degree = degree as usize;
    for k in 0..DIGITS {
        found[k] = if k < degree {
            next().unwrap_or(1) << (63 - k)
        } else {
            let start = found[k - degree] ^ (found[k - degree] >> degree);
            let terms = (1..degree).filter(|i| coefficients >> (degree - 1 - i) & 1 == 1);
            terms.fold(start, |sum, i| sum ^ found[k - i])
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points number k in Gray code order, times 2^30, by SciPy 1.17 (`qmc.Sobol`), which reads the same numbers.
    #[test]
    fn points_are_those_of_another_program() {
        let cases = [
            (0, [536_870_912, 805_306_368, 268_435_456, 235_929_600, 262_144]),
            (1, [536_870_912, 268_435_456, 805_306_368, 103_809_024, 1_010_565_120]),
            (2, [536_870_912, 268_435_456, 805_306_368, 556_793_856, 358_875_136]),
            (7, [536_870_912, 805_306_368, 268_435_456, 965_738_496, 419_692_544]),
            (100, [536_870_912, 268_435_456, 805_306_368, 825_229_312, 370_409_472]),
            (1023, [536_870_912, 805_306_368, 268_435_456, 766_509_056, 380_895_232]),
        ];
        for (dimension, expected) in cases {
            let directions = directions(dimension);
            let point = |k: u64| {
                let index = k ^ (k >> 1);
                (0..DIGITS).filter(|d| index >> d & 1 == 1).fold(0, |x, d| x ^ directions[d]) >> 34
            };
            assert_eq!([1, 2, 3, 1000, 4095].map(point), expected, "dimension {dimension}");
        }
    }

    /// Every digit of an index decides a digit of the point, so that 2^m points fill 2^m equal cells.
    #[test]
    fn every_dimension_is_a_permutation_of_cells() {
        for dimension in 0..DIMENSIONS {
            let directions = directions(dimension);
            for (k, direction) in directions.iter().enumerate() {
                assert_eq!(direction.trailing_zeros() as usize, 63 - k, "dimension {dimension}, digit {k}");
            }
        }
    }
}
