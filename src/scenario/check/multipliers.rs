//! What the price of each reading is multiplied by: `times`, and the `index` of its year.

use super::indexes::Indexes;
use super::inputs::{Inputs, Use};
use super::known;
use super::price::Counted;
use crate::contract::index::Index;
use crate::contract::share::Fraction;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Multiplier, Reading};
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::value;

/// No contract multiplies a price by more.
const LARGEST: i64 = 1000;

/// Sets the multipliers of readings whose measuring dates are known.
pub(super) fn set(
    term: &Fields<'_>,
    readings: &mut [Reading],
    points: Option<Vec<usize>>,
    indexes: &Indexes,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<()> {
    if let Some(field) = term.get("times") {
        let given: Vec<_> =
            field.one_or_more().iter().map(|times| multiplier(times, inputs, findings)).collect();
        let given: Vec<Multiplier> = given.into_iter().collect::<Option<_>>()?;
        let counted = Counted { readings: readings.len(), points, times: Vec::new(), per: 1 };
        for (reading, times) in readings.iter_mut().zip(counted.spread(&given, &field, findings)?) {
            reading.times = times;
        }
    }
    if let Some(field) = term.get("index") {
        let name = field.text(findings)?;
        let all = indexes.iter().map(|(name, index)| (name.as_str(), index));
        let index = known((&field.what, field.span()), name, "index", all, findings)?.as_ref()?;
        for reading in readings {
            reading.times.fixed = indexed(reading, index, &field, findings)?;
        }
    }
    Some(())
}

fn indexed(reading: &Reading, index: &Index, field: &Field<'_>, findings: &mut Findings) -> Option<Fraction> {
    let year = reading.measured.year();
    let Some(number) = index.at(year) else {
        let named: Vec<_> = index.years().map(|year| year.to_string()).collect();
        let help = if named.is_empty() {
            "the yearly rise leaves all bounds by then".to_owned()
        } else {
            format!("it names {}; add `{year} = ...`", named.join(", "))
        };
        field.error(findings, format_args!("has no number for {year}, a year of measuring"), help);
        return None;
    };
    let product = num_traits::CheckedMul::checked_mul(&reading.times.fixed, &number);
    if product.is_none() {
        field.error(findings, "has too many digits beside `times`", "use fewer decimals in one of them");
    }
    product
}

fn multiplier(field: &Field<'_>, inputs: &mut Inputs<'_>, findings: &mut Findings) -> Option<Multiplier> {
    if let Value::Text(text) = &field.item.value
        && value::fraction(text).is_none()
    {
        let input = inputs.named(field, text, Use::Multiplier, findings)?;
        return Some(Multiplier { uncertain: Some(input), ..Multiplier::ONE });
    }
    let fixed = field.fraction(findings)?;
    if fixed < Fraction::from(0) || fixed > Fraction::from(LARGEST) {
        let help = "`times = 0.67` leaves two thirds, `times = 1.5` adds a half; it is never negative";
        field.error(findings, format_args!("is {fixed}"), help);
        return None;
    }
    Some(Multiplier { fixed, uncertain: None })
}
