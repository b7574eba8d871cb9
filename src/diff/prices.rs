//! Prices, bases and multipliers of terms.

use super::facts::{Around, Thing};
use crate::contract::price::{Base, Piece, Pieces};
use crate::contract::share::Fraction;
use crate::report::text::{Aspect, Say};
use crate::scenario::model::{Multiplier, Price, Term, UnitPrice};

/// The base of a price that has none: one krone.
const KRONE: i64 = 100;

impl Around<'_> {
    pub(super) fn price(&self, thing: &mut Thing, term: &Term, price: &Price) {
        match price {
            Price::PerUnit(prices) => {
                let told = prices.iter().map(|price| match price {
                    UnitPrice::Fixed(millionths) => self.style.price(*millionths),
                    UnitPrice::Input(input) => self.input_name(*input),
                });
                thing.says(Aspect::Price, "price", self.by_reading(term, &told.collect::<Vec<_>>()));
            }
            Price::Function(pieces, bases) => {
                let own = own_bases(term, bases);
                let plain = own.iter().all(|base| *base == Base::from(KRONE));
                thing.says(Aspect::Price, "price", self.rows(pieces, plain));
                if !plain {
                    let told: Vec<_> = own.iter().map(|base| self.base(*base)).collect();
                    thing.says(Aspect::Base, "base", self.by_reading(term, &told));
                }
            }
            Price::Fixed(amounts) => {
                let told: Vec<_> = amounts.iter().map(|ore| self.style.money(*ore)).collect();
                thing.says(Aspect::Amount, "price", self.by_reading(term, &told));
            }
        }
    }

    /// What prices are multiplied by, where it is not 1.
    pub(super) fn multipliers(&self, thing: &mut Thing, term: &Term) {
        if term.readings.iter().all(|reading| reading.times == Multiplier::ONE) {
            return;
        }
        let told = term.readings.iter().map(|reading| {
            let Multiplier { fixed, uncertain } = reading.times;
            match uncertain {
                None => self.style.fraction(fixed),
                Some(input) if fixed == Fraction::from(1) => self.input_name(input),
                Some(input) => format!("{} * {}", self.style.fraction(fixed), self.input_name(input)),
            }
        });
        thing.says(Aspect::Times, "times", self.by_reading(term, &told.collect::<Vec<_>>()));
    }

    /// A value for each reading: once if they are the same, by measuring point or year if they depend on it alone.
    fn by_reading(&self, term: &Term, values: &[String]) -> String {
        let outcome = term.outcome.and_then(|outcome| self.investment.outcomes.get(outcome));
        let point = |index: usize| {
            let cells = &term.readings.get(index)?.cells;
            let points = cells.iter().map(|cell| outcome.map_or(0, |outcome| outcome.cells[*cell].point));
            points.max().map(|point| point as i64)
        };
        let year = |index: usize| Some(i64::from(term.readings.get(index)?.measured.year()));
        let depends = |key: &dyn Fn(usize) -> Option<i64>| {
            let mut by = std::collections::BTreeMap::new();
            let consistent = values.iter().enumerate().all(|(index, value)| {
                key(index).is_some_and(|key| by.entry(key).or_insert_with(|| value.clone()) == value)
            });
            consistent.then_some(by)
        };
        if let Some(first) = values.first().filter(|first| values.iter().all(|value| value == *first)) {
            return first.clone();
        }
        if let Some(by) = outcome.filter(|outcome| outcome.points > 1).and_then(|_| depends(&point)) {
            return by.into_values().collect::<Vec<_>>().join(", ");
        }
        if let Some(by) = outcome.and_then(|_| depends(&year)) {
            return by
                .into_iter()
                .map(|(year, value)| format!("{year}: {value}"))
                .collect::<Vec<_>>()
                .join(", ");
        }
        values.join(", ")
    }

    fn base(&self, base: Base) -> String {
        if base.is_integer() {
            self.style.money(base.to_integer())
        } else {
            self.style.fraction(base / KRONE)
        }
    }

    fn rows(&self, pieces: &Pieces, plain: bool) -> String {
        let pieces = pieces.pieces();
        let rows = (0..pieces.len()).map(|index| self.row(&pieces[index], pieces.get(index + 1), plain));
        rows.collect::<Vec<_>>().join("; ")
    }

    fn row(&self, piece: &Piece, next: Option<&Piece>, plain: bool) -> String {
        let Piece { edge, closed, pay, rise, over } = *piece;
        let value = |millionths: i64| {
            if plain {
                self.style.price(millionths)
            } else {
                self.style.share(Fraction::new(millionths, 1_000_000))
            }
        };
        let at = self.style.nano(edge);
        let first = |next: &Piece| self.style.nano(next.edge);
        let from = match (edge, closed, next) {
            (i64::MIN, _, Some(next)) => self.say(&Say::Below(&first(next))),
            (_, true, _) => self.say(&Say::From(&at)),
            (_, false, _) => self.say(&Say::Above(&at)),
        };
        if rise == 0 {
            return format!("{from} {}", value(pay));
        }
        let up = next.map(|next| i128::from(rise) * (i128::from(next.edge) - i128::from(edge)));
        let whole = up.filter(|up| up % i128::from(over) == 0).map(|up| (up / i128::from(over)) as i64);
        if let (Some(whole), Some(next)) = (whole, next) {
            let (to, at) = (value(pay + whole), self.style.nano(next.edge));
            return format!("{from} {}", self.say(&Say::RisingTo { pay: &value(pay), to: &to, at: &at }));
        }
        let each = Fraction::new(rise, 1_000_000) * Fraction::new(1_000_000_000, over);
        let (pay, each) = (value(pay), self.style.fraction(each));
        format!("{from} {}", self.say(&Say::RisingBy { pay: &pay, each: &each }))
    }
}

/// The bases without the multipliers they were taken times.
fn own_bases(term: &Term, bases: &[Base]) -> Vec<Base> {
    let own = |(base, reading): (&Base, &crate::scenario::model::Reading)| {
        let times = reading.times.fixed;
        if *times.numer() == 0 {
            *base
        } else {
            num_traits::CheckedDiv::checked_div(base, &times).unwrap_or(*base)
        }
    };
    bases.iter().zip(&term.readings).map(own).collect()
}
