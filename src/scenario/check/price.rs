//! Prices: per unit, by reading, or a payment function written as rows.

use jiff::civil::Date;
use num_traits::CheckedMul;

use super::inputs::{Inputs, Use};
use super::known;
use crate::contract::NANO;
use crate::contract::price::{Base, MILLION, Piece, PieceError, Pieces, unit_price};
use crate::contract::schedule::years_between;
use crate::contract::share::Fraction;
use crate::money::{Ore, mul_div};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Fund, Number, Price, UnitPrice};
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

/// Whether a price is written as rows.
pub(super) fn has_rows(field: &Field<'_>) -> bool {
    matches!(&field.item.value, Value::List(items) if items.iter().any(|item| matches!(item.value, Value::Table(_))))
        || matches!(field.item.value, Value::Table(_))
}

/// Which way amounts may run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    NeverNegative,
    Both,
}

impl Sign {
    fn of(term: &Fields<'_>) -> Self {
        let both = matches!(term.table.item("two_sided").map(|item| &item.value), Some(Value::Flag(true)));
        if both { Self::Both } else { Self::NeverNegative }
    }

    fn price(self, field: &Field<'_>, findings: &mut Findings) -> Option<i64> {
        if self == Self::Both { field.signed_price(findings) } else { field.price(findings) }
    }

    fn amount(self, field: &Field<'_>, findings: &mut Findings) -> Option<Ore> {
        if self == Self::Both { field.signed_amount(findings) } else { field.amount(findings) }
    }
}

/// What a list is counted by: the readings of the term, and the measuring point of each where each is a single cell.
pub(super) struct Counted {
    pub(super) readings: usize,
    pub(super) points: Option<Vec<usize>>,
    /// What the price of each reading is multiplied by, without what is uncertain.
    pub(super) times: Vec<Fraction>,
    /// The units of a quantity in one whole: 1 for people, 10⁹ for levels.
    pub(super) per: i64,
}

impl Counted {
    /// Spreads one number, one per reading, or one per measuring point over the readings.
    pub(super) fn spread<T: Clone>(
        &self,
        given: &[T],
        field: &Field<'_>,
        findings: &mut Findings,
    ) -> Option<Vec<T>> {
        if let [one] = given {
            return Some(vec![one.clone(); self.readings]);
        }
        if given.len() == self.readings {
            return Some(given.to_vec());
        }
        let by_point =
            self.points.as_ref().filter(|points| points.iter().max().is_some_and(|m| m + 1 == given.len()));
        if let Some(points) = by_point {
            return Some(points.iter().map(|point| given[*point].clone()).collect());
        }
        let title = format!("has {} numbers for {} readings", given.len(), self.readings);
        field.error(findings, title, "write one number, one for each reading in the order of their dates, or one for each measuring point");
        None
    }

    /// Bases in øre times their multipliers.
    fn times_bases(&self, bases: &[Ore], field: &Field<'_>, findings: &mut Findings) -> Option<Vec<Base>> {
        let times = |(base, times): (&Ore, &Fraction)| CheckedMul::checked_mul(times, &Base::from(*base));
        let bases: Option<Vec<_>> = bases.iter().zip(&self.times).map(times).collect();
        if bases.is_none() {
            too_many_digits(field, findings);
        }
        bases
    }
}

/// What a base that is a fund's money is made of.
pub(super) struct Bases<'a> {
    /// `None` when a fund could not be read.
    pub(super) funds: Option<&'a [Fund]>,
    /// The due date of each reading, ascending or not.
    pub(super) due: Vec<Date>,
}

impl Bases<'_> {
    /// One base a reading: what the fund has drawn by the due date; or that times the years since the due date before,
    /// for each drawdown since it was drawn, to the øre.
    fn of_fund(&self, field: &Field<'_>, findings: &mut Findings) -> Option<Vec<Ore>> {
        let example = "base = { principal = \"dsi\" }";
        let fields = field.fields(&words::BASE, example, findings)?;
        let Some((word, named)) = fields.one_of(&["principal", "interest"], findings) else {
            fields.lacks(findings, "names no fund", format!("write `{example}`, or `interest`"));
            return None;
        };
        let funds = self.funds?.iter().map(|fund| (fund.id.as_str(), fund));
        let text = named.text(findings)?;
        let fund = known((&named.what, named.span()), text, "fund", funds, findings)?;
        let base = |due: &Date| -> Ore {
            let before = self.due.iter().filter(|earlier| *earlier < due).max();
            let drawn = fund.drawn.iter().filter(|(when, _)| when <= due);
            let part = |(when, amount): &(Date, Ore)| match word {
                "principal" => *amount as f64,
                _ => *amount as f64 * years_between(before.map_or(*when, |before| *before.max(when)), *due),
            };
            drawn.map(part).sum::<f64>().round() as Ore
        };
        Some(self.due.iter().map(base).collect())
    }
}

/// The price of a term with an outcome.
pub(super) fn price(
    term: &Fields<'_>,
    counted: &Counted,
    around: &Bases<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Price> {
    let field = term.need("price", "price = 12_500", findings)?;
    let base = term.get("base");
    let sign = Sign::of(term);
    if has_rows(&field) {
        let bases = match base {
            None => vec![100; counted.readings],
            Some(base) if matches!(base.item.value, Value::Table(_)) => around.of_fund(&base, findings)?,
            Some(base) => {
                let amounts: Vec<_> =
                    base.one_or_more().iter().map(|amount| amount.amount(findings)).collect();
                let amounts: Vec<Ore> = amounts.into_iter().collect::<Option<_>>()?;
                counted.spread(&amounts, &base, findings)?
            }
        };
        let bases = counted.times_bases(&bases, &field, findings)?;
        let largest = bases.iter().map(|base| *base.numer()).max().unwrap_or(100);
        let pieces = pieces(&field, sign, largest, findings)?;
        return Some(Price::Function(pieces, bases));
    }
    if let Some(base) = base {
        base.error(
            findings,
            "goes with rows",
            "multiply it into the price, or write rows: `price = [{ from = 0, each = 1 }]`",
        );
        return None;
    }
    let units: Vec<_> =
        field.one_or_more().iter().map(|unit| self::unit(unit, sign, inputs, findings)).collect();
    let units: Vec<UnitPrice> = units.into_iter().collect::<Option<_>>()?;
    let units = counted.spread(&units, &field, findings)?;
    let exact = |(unit, times): (&UnitPrice, &Fraction)| match unit {
        UnitPrice::Fixed(price) => unit_price(*price, *times, counted.per).is_some(),
        UnitPrice::Input(_) => true,
    };
    if !units.iter().zip(&counted.times).all(exact) {
        too_many_digits(&field, findings);
        return None;
    }
    Some(Price::PerUnit(units))
}

fn too_many_digits(field: &Field<'_>, findings: &mut Findings) {
    let help = "use fewer decimals in the price, `times` or the index";
    field.error(findings, "has too many digits to be multiplied exactly", help);
}

/// The amounts of a term without an outcome.
pub(super) fn fixed(term: &Fields<'_>, counted: &Counted, findings: &mut Findings) -> Option<Price> {
    let field = term.need("price", "price = 100_000", findings)?;
    let sign = Sign::of(term);
    let amounts: Vec<_> = field.one_or_more().iter().map(|amount| sign.amount(amount, findings)).collect();
    let amounts: Vec<Ore> = amounts.into_iter().collect::<Option<_>>()?;
    let amounts = counted.times_bases(&counted.spread(&amounts, &field, findings)?, &field, findings)?;
    Some(Price::Fixed(amounts.iter().map(|amount| nearest_whole(*amount)).collect()))
}

fn unit(
    field: &Field<'_>,
    sign: Sign,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<UnitPrice> {
    match &field.item.value {
        Value::Text(_) => match inputs.number(field, Use::Price, findings)? {
            Number::Input(index) => Some(UnitPrice::Input(index)),
            Number::Fixed(_) => {
                field.error(findings, "is a fraction", "a price has at most six decimals, `12_500.50`");
                None
            }
        },
        _ => sign.price(field, findings).map(UnitPrice::Fixed),
    }
}

/// An amount times its multiplier, rounded to the øre.
fn nearest_whole(amount: Base) -> Ore {
    mul_div(*amount.numer(), 1, *amount.denom())
}

/// One row as typed, in exact units.
struct Row<'a> {
    field: Field<'a>,
    edge: i64,
    closed: bool,
    below: bool,
    pay: Option<i64>,
    each: Option<i64>,
    rise_to: Option<i64>,
}

fn pieces(field: &Field<'_>, sign: Sign, base: Ore, findings: &mut Findings) -> Option<Pieces> {
    let rows = field.list("[{ from = 0.03, pay = 0, rise_to = 1 }, { from = 0.11, pay = 1 }]", findings)?;
    let rows: Vec<_> =
        rows.into_iter().enumerate().map(|(index, item)| row(index, &item, field, sign, findings)).collect();
    let rows: Vec<Row<'_>> = rows.into_iter().collect::<Option<_>>()?;
    check_order(&rows, findings)?;
    let mut pieces: Vec<Piece> = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let next = rows.get(index + 1).map(|next| next.edge);
        let piece = piece(row, next, pieces.last(), findings)?;
        if !row.below {
            check_piece(row, &piece, next, (sign, base), findings)?;
        }
        pieces.push(piece);
    }
    Pieces::new(pieces)
        .map_err(|error| {
            let at = match error {
                PieceError::Order(row) | PieceError::Width(row) => rows.get(row - 1),
                _ => None,
            };
            at.map_or(field, |row| &row.field).error(
                findings,
                format_args!("will not do: {error}"),
                "sort rows by their edges",
            );
        })
        .ok()
}

fn row<'a>(
    index: usize,
    item: &Field<'a>,
    price: &Field<'_>,
    sign: Sign,
    findings: &mut Findings,
) -> Option<Row<'a>> {
    let field = Field { item: item.item, what: format!("row {} of {}", index + 1, price.what) };
    let fields = field.fields(&words::ROW, "{ from = 10, pay = 5_000 }", findings)?;
    let Some((word, edge)) = fields.one_of(&["from", "above", "below"], findings) else {
        fields.lacks(
            findings,
            "has no edge",
            "write `from = 10` (10 and more) or `above = 10` (more than 10)",
        );
        return None;
    };
    let edge = self::edge(&edge, findings);
    let pay = fields.optional("pay", findings, |field, findings| sign.price(field, findings));
    let rise_to = fields.optional("rise_to", findings, |field, findings| sign.price(field, findings));
    let each = fields.optional("each", findings, slope);
    let slopes = ["each", "rise_to"].iter().filter(|word| fields.table.get(word).is_some()).count();
    if word == "below" && (slopes > 0 || index > 0) {
        let help = "`below` is for the first row and pays one amount: `{ below = 10, pay = 1_000 }`";
        field.error(findings, "cannot begin `below`", help);
        return None;
    }
    if slopes > 1 {
        field.error(
            findings,
            "says both `each` and `rise_to`",
            "keep one: a slope, or a line to the next edge",
        );
        return None;
    }
    let (pay, each, rise_to) = (pay.ok()?, each.ok()?, rise_to.ok()?);
    Some(Row { field, edge: edge?, closed: word != "above", below: word == "below", pay, each, rise_to })
}

/// An edge in units of 10⁻⁹.
fn edge(field: &Field<'_>, findings: &mut Findings) -> Option<i64> {
    let number = field.decimal(findings)?;
    let edge = number.scaled(9).filter(|edge| edge.abs() <= NANO * 1_000_000_000);
    if edge.is_none() {
        field.error(
            findings,
            format_args!("is no edge: {number}"),
            "an edge has at most nine decimals and nine digits before them",
        );
    }
    edge
}

/// A slope in millionths; it may fall.
fn slope(field: &Field<'_>, findings: &mut Findings) -> Option<i64> {
    let number = field.decimal(findings)?;
    let slope = number.scaled(6).filter(|slope| slope.abs() <= MILLION * 1_000_000_000);
    if slope.is_none() {
        field.error(
            findings,
            format_args!("is no price: {number}"),
            "a price has at most six decimals and nine digits before them",
        );
    }
    slope
}

fn check_order(rows: &[Row<'_>], findings: &mut Findings) -> Option<()> {
    if rows.first().is_some_and(|row| row.below) {
        let meets = rows.get(1).is_some_and(|next| next.edge == rows[0].edge && next.closed);
        if !meets {
            rows[0].field.error(
                findings,
                "does not meet the next row",
                "after `{ below = 10, ... }` comes `{ from = 10, ... }`",
            );
            return None;
        }
    }
    for pair in rows.windows(2) {
        let starts = |row: &Row<'_>| (if row.below { i64::MIN } else { row.edge }, !row.closed);
        if starts(&pair[0]) >= starts(&pair[1]) {
            pair[1].field.error(
                findings,
                "does not begin above the row before it",
                "sort rows by their edges",
            );
            return None;
        }
    }
    Some(())
}

fn piece(row: &Row<'_>, next: Option<i64>, before: Option<&Piece>, findings: &mut Findings) -> Option<Piece> {
    let pay = match row.pay {
        Some(pay) => pay,
        None => carried(row, before, findings)?,
    };
    if row.below {
        return Some(Piece { edge: i64::MIN, closed: true, pay, rise: 0, over: 1 });
    }
    let (rise, over) = match (row.each, row.rise_to, next) {
        (Some(each), _, _) => (each, NANO),
        (_, Some(_), None) => {
            row.field.error(
                findings,
                "rises to a next edge, and there is none",
                "add a row `{ from = ..., pay = ... }`",
            );
            return None;
        }
        (_, Some(to), Some(next)) => (to - pay, (next - row.edge).max(1)),
        _ => (0, 1),
    };
    Some(Piece { edge: row.edge, closed: row.closed, pay, rise, over })
}

/// The value that the row before reaches at this row's edge.
fn carried(row: &Row<'_>, before: Option<&Piece>, findings: &mut Findings) -> Option<i64> {
    let Some(before) = before else { return Some(0) };
    if before.rise == 0 {
        return Some(before.pay);
    }
    let risen = i128::from(before.rise) * (i128::from(row.edge) - i128::from(before.edge));
    let over = i128::from(before.over);
    let value =
        (risen % over == 0).then(|| i64::try_from(i128::from(before.pay) + risen / over).ok()).flatten();
    if value.is_none() {
        row.field.error(
            findings,
            "does not say what it pays, and the row before leads to no round amount",
            "write `pay = ...`",
        );
    }
    value
}

/// No amount is negative, unless the term is two-sided, and none is too large to be computed exactly.
fn check_piece(
    row: &Row<'_>,
    piece: &Piece,
    next: Option<i64>,
    (sign, base): (Sign, Ore),
    findings: &mut Findings,
) -> Option<()> {
    let reach = next.map_or(i128::from(i64::MAX) * 2, |next| i128::from(next) - i128::from(piece.edge));
    let end = i128::from(piece.pay) * i128::from(piece.over) + i128::from(piece.rise) * reach;
    if end < 0 && sign == Sign::NeverNegative {
        row.field.error(
            findings,
            "falls below zero",
            "end it with a row that pays 0: amounts are never negative, unless the term is `two_sided`",
        );
        return None;
    }
    // The product of base, value and width must stay below 2^126 for `Pieces::amount`.
    let edge = i128::from(piece.pay) * i128::from(piece.over);
    let largest = i128::from(base.max(1)).checked_mul(end.abs().max(edge.abs()));
    if largest.is_none_or(|largest| largest >= 1 << 126) {
        row.field.error(
            findings,
            "pays more than can be computed",
            "end the slope with a last row, `{ from = 1_000 }`",
        );
        return None;
    }
    Some(())
}
