//! Payment functions: a price read at one measured quantity, as pieces with closed or open edges.

use thiserror::Error;

use super::NANO;
use super::share::{Fraction, gcd};
use crate::money::{Ore, mul_div, nearest};

/// Values of pieces are in millionths: of a krone for a plain price, of the base for a price with a base.
pub const MILLION: i64 = 1_000_000;

/// From `edge` to the next edge: `pay + rise · (q − edge) / over`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where the piece begins, in units of 10⁻⁹ of the measured quantity; `i64::MIN` for "below the first edge".
    pub edge: i64,
    /// Whether the edge itself belongs to the piece (q ≥ edge) or not (q > edge).
    pub closed: bool,
    /// The value at the edge, in millionths.
    pub pay: i64,
    /// What the value rises by over `over`, in millionths.
    pub rise: i64,
    /// The width over which it rises, in units of 10⁻⁹; positive.
    pub over: i64,
}

/// A payment function: pieces in ascending order; below the first edge it pays nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces(Vec<Piece>);

/// Why pieces are no payment function.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PieceError {
    /// No piece at all.
    #[error("a price needs at least one row")]
    Empty,
    /// Edges must ascend.
    #[error("row {0} does not begin above the row before it")]
    Order(usize),
    /// A width must be positive.
    #[error("row {0} rises over no width")]
    Width(usize),
}

impl Pieces {
    /// Checks that edges ascend and widths are positive.
    ///
    /// # Errors
    /// When there is no piece, edges do not ascend, or a width is not positive. Rows are counted from 1.
    pub fn new(pieces: Vec<Piece>) -> Result<Self, PieceError> {
        if pieces.is_empty() {
            return Err(PieceError::Empty);
        }
        for (index, piece) in pieces.iter().enumerate() {
            if piece.over <= 0 {
                return Err(PieceError::Width(index + 1));
            }
            let starts = |p: &Piece| (p.edge, !p.closed);
            if index > 0 && starts(&pieces[index - 1]) >= starts(piece) {
                return Err(PieceError::Order(index + 1));
            }
        }
        Ok(Self(pieces.into_iter().map(reduced).collect()))
    }

    /// The pieces, ascending.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The amount at quantity `q` (units of 10⁻⁹): `base · f(q)`, rounded once, half away from zero.
    ///
    /// `base` is in øre; for a plain price it is 100, one krone.
    #[must_use]
    pub fn amount(&self, q: i64, base: Base) -> Ore {
        let reached = self.0.partition_point(|p| q > p.edge || (p.closed && q == p.edge));
        match reached.checked_sub(1) {
            None => 0,
            Some(index) => at(&self.0[index], q, base),
        }
    }

    /// The smallest and largest amount for quantities from `low` to `high`.
    #[must_use]
    pub fn range(&self, low: i64, high: i64, base: Base) -> (Ore, Ore) {
        let mut found = (self.amount(low, base), self.amount(low, base));
        let mut include = |amount: Ore| found = (found.0.min(amount), found.1.max(amount));
        include(self.amount(high, base));
        for (index, piece) in self.0.iter().enumerate() {
            let last = self.0.get(index + 1).map_or(high, |next| next.edge.min(high));
            if piece.edge <= high && last >= low {
                let first = piece.edge.max(low);
                // Both ends of the piece, whether or not its edges belong to it: a bound may be wide, never narrow.
                include(at(piece, first, base));
                include(at(piece, last, base));
            }
        }
        found
    }
}

/// What a payment function is multiplied by: øre, or øre times a multiplier, as an exact fraction.
pub type Base = Fraction;

/// The price of a unit in øre times a multiplier, divided by `per`, as numerator and denominator in lowest terms;
/// `None` beyond 64 bits. `price` is in millionths of a krone.
#[must_use]
pub fn unit_price(price: i64, times: Fraction, per: i64) -> Option<(i64, i64)> {
    const MILLIONTHS_PER_ORE: i128 = 10_000;
    let numerator = i128::from(price) * i128::from(*times.numer());
    let denominator = (i128::from(*times.denom()) * MILLIONTHS_PER_ORE).checked_mul(i128::from(per))?;
    let price = num_rational::Ratio::new(numerator, denominator);
    Some((i64::try_from(*price.numer()).ok()?, i64::try_from(*price.denom()).ok()?))
}

fn at(piece: &Piece, q: i64, base: Base) -> Ore {
    narrow(piece, q, base).unwrap_or_else(|| wide(piece, q, base))
}

/// `base · (pay + rise · (q − edge) / over) / 10⁶` in 64 bits, where its products fit: the rule in real contracts.
fn narrow(piece: &Piece, q: i64, base: Base) -> Option<Ore> {
    let along = if piece.rise == 0 { 0 } else { q.checked_sub(piece.edge)? };
    let scaled = piece.pay.checked_mul(piece.over)?.checked_add(piece.rise.checked_mul(along)?)?;
    Some(mul_div(*base.numer(), scaled, MILLION.checked_mul(piece.over)?.checked_mul(*base.denom())?))
}

fn wide(piece: &Piece, q: i64, base: Base) -> Ore {
    let along = if piece.rise == 0 { 0 } else { i128::from(q) - i128::from(piece.edge) };
    let over = i128::from(piece.over);
    let scaled = i128::from(piece.pay) * over + i128::from(piece.rise) * along;
    nearest(i128::from(*base.numer()) * scaled, i128::from(MILLION) * over * i128::from(*base.denom()))
}

/// The same slope in the smallest integers.
fn reduced(piece: Piece) -> Piece {
    let common = gcd(piece.over, piece.rise.abs()).max(1);
    Piece { rise: piece.rise / common, over: piece.over / common, ..piece }
}

/// A measured number as an integer of 10⁻⁹, nearest, so that `76/95 ≥ 0.8` and `100 × 0.29 ≥ 29` hold.
#[must_use]
pub fn to_nano(value: f64) -> i64 {
    (value * NANO as f64).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(edge: f64, closed: bool, pay: i64) -> Piece {
        Piece { edge: to_nano(edge), closed, pay: pay * MILLION, rise: 0, over: 1 }
    }

    /// The ramp of the referrals: nothing up to 3 %, in full from 11 %.
    fn ramp() -> Pieces {
        Pieces::new(vec![
            Piece { edge: to_nano(0.03), closed: true, pay: 0, rise: MILLION, over: to_nano(0.08) },
            Piece { edge: to_nano(0.11), closed: true, pay: MILLION, rise: 0, over: 1 },
        ])
        .unwrap()
    }

    #[test]
    fn a_ramp_pays_in_proportion_between_its_edges() {
        let base = 148_500_000;
        let of = Base::from(base);
        let paid = |q: f64| ramp().amount(to_nano(q), of);
        assert_eq!([paid(-0.2), paid(0.03), paid(0.07), paid(0.11), paid(0.5)], [0, 0, base / 2, base, base]);
        assert_eq!(ramp().range(to_nano(-1.0), to_nano(1.0), of), (0, base));
        assert_eq!(ramp().range(to_nano(0.0), to_nano(0.07), of), (0, base / 2));
    }

    #[test]
    fn an_edge_belongs_to_the_row_that_says_so() {
        let from = Pieces::new(vec![flat(10.0, true, 5)]).unwrap();
        let above = Pieces::new(vec![flat(10.0, false, 5)]).unwrap();
        let krone = Base::from(100);
        assert_eq!((from.amount(10 * NANO, krone), above.amount(10 * NANO, krone)), (500, 0));
        assert_eq!(above.amount(10 * NANO + 1, krone), 500);
        assert_eq!(above.range(0, 10 * NANO + 1, krone), (0, 500));
    }

    /// Denver jail schedule, tests K05: 160,000 a point from zero with a jump at 20 %, 38,000 a point from 30 to 65 %.
    #[test]
    fn a_jump_and_two_slopes() {
        let row = |edge: i64, pay: i64, each: i64| Piece {
            edge: edge * NANO,
            closed: true,
            pay: pay * MILLION,
            rise: each * MILLION,
            over: NANO,
        };
        let jail =
            Pieces::new(vec![row(20, 3_200_000, 160_000), row(30, 4_800_000, 38_000), row(65, 6_130_000, 0)])
                .unwrap();
        let paid = |q: f64| jail.amount(to_nano(q), Base::from(100)) / 100;
        assert_eq!(
            [paid(19.99), paid(20.0), paid(30.0), paid(38.0), paid(65.0), paid(80.0)],
            [0, 3_200_000, 4_800_000, 5_104_000, 6_130_000, 6_130_000]
        );
    }

    /// Rises to 1000.00 just below 10, where it drops to 200.00, and to 50.00 above 20, which still pays 200.00.
    #[test]
    fn a_range_knows_what_is_paid_between_its_ends() {
        let rise = Piece { edge: 0, closed: true, pay: 0, rise: 100 * MILLION, over: NANO };
        let pieces = Pieces::new(vec![rise, flat(10.0, true, 200), flat(20.0, false, 50)]).unwrap();
        let range = |low: f64, high: f64| pieces.range(to_nano(low), to_nano(high), Base::from(100));
        assert_eq!(range(-5.0, 30.0), (0, 100_000));
        assert_eq!(range(1.0, 30.0), (5_000, 100_000));
        assert_eq!(range(8.0, 9.0), (80_000, 90_000));
        assert_eq!(range(12.0, 19.5), (20_000, 20_000));
        assert_eq!(range(15.0, 30.0), (5_000, 20_000));
        assert_eq!(range(-5.0, -1.0), (0, 0));
        // No amount in between lies outside.
        for q in -50..300 {
            let paid = pieces.amount(to_nano(f64::from(q) / 10.0), Base::from(100));
            assert!((0..=100_000).contains(&paid), "{q}: {paid}");
        }
    }

    #[test]
    fn rows_that_do_not_ascend_are_refused() {
        assert_eq!(Pieces::new(vec![]), Err(PieceError::Empty));
        assert_eq!(Pieces::new(vec![flat(2.0, true, 1), flat(1.0, true, 2)]), Err(PieceError::Order(2)));
        assert_eq!(Pieces::new(vec![Piece { over: 0, ..flat(1.0, true, 1) }]), Err(PieceError::Width(1)));
        assert!(Pieces::new(vec![flat(2.0, true, 1), flat(2.0, false, 2)]).is_ok());
    }

    #[test]
    fn narrow_and_wide_arithmetic_agree() {
        assert_eq!(ramp().pieces().len(), 2);
        for piece in ramp().pieces() {
            for q in [30_000_000, 30_000_001, 77_777_777, 110_000_000, 999_999_999] {
                for base in
                    [Base::from(1), Base::from(100), Base::new(148_500_000, 7), Base::from(999_999_999_999)]
                {
                    assert_eq!(at(piece, q, base), wide(piece, q, base));
                }
            }
        }
    }

    /// 3,200,000 at 20 and 160,000 a point: 4,000,000 at 25, times a base whose products leave 64 bits.
    #[test]
    fn wide_arithmetic_is_that_of_whole_numbers() {
        let (pay, rise) = (3_200_000 * MILLION, 160_000 * MILLION);
        let piece = Piece { edge: 20 * NANO, closed: true, pay, rise, over: NANO };
        let base = 999_999_999_999;
        assert_eq!(narrow(&piece, 25 * NANO, Base::from(base)), None);
        assert_eq!(at(&piece, 25 * NANO, Base::from(base)), 4_000_000 * base);
        assert_eq!(at(&piece, 25 * NANO, Base::new(base, 3)), 4_000_000 * (base / 3));
    }

    #[test]
    fn a_multiplier_is_exact_until_the_amount_is_rounded() {
        // A third of 100.00 kr. a person, for three people, is 100.00.
        let third = Fraction::new(1, 3);
        let (numerator, denominator) = unit_price(100 * MILLION, third, 1).unwrap();
        assert_eq!(mul_div(3, numerator, denominator), 10_000);
        let pieces =
            Pieces::new(vec![Piece { edge: 0, closed: true, pay: 0, rise: 100 * MILLION, over: NANO }]);
        assert_eq!(pieces.unwrap().amount(3 * NANO, Base::from(100) * third), 10_000);
        assert_eq!(unit_price(12_500 * MILLION, Fraction::from(1), 1), Some((1_250_000, 1)));
        assert_eq!(unit_price(i64::MAX, Fraction::new(999_999_999, 7), 1), None);
    }

    #[test]
    fn measured_numbers_survive_binary_fractions() {
        assert!(to_nano(76.0 / 95.0) >= to_nano(0.8));
        assert!(to_nano(100.0 * 0.29) >= 29 * NANO);
    }
}
