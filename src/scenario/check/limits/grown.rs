//! Amounts of a limit that grow with an index: one for each year, down to the øre.

use std::collections::BTreeMap;

use super::super::known;
use super::Around;
use crate::contract::index::Index;
use crate::money::{Ore, mul_div_down};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{AtLeast, AtMost, Per};
use crate::scenario::read::{Field, Fields};

/// The ceiling and the floor of a limit, times the `index` of each year where it names one. `None` after an error.
pub(super) fn by_index(
    fields: &Fields<'_>,
    per: Option<Per>,
    (at_most, at_least): (AtMost, Option<AtLeast>),
    around: &Around<'_>,
    findings: &mut Findings,
) -> Option<(AtMost, Option<AtLeast>)> {
    let Some(field) = fields.get("index") else { return Some((at_most, at_least)) };
    if per? != Per::Year {
        field.error(findings, "goes by year", "write `per = \"year\"` beside it, or `at_most` as agreed");
        return None;
    }
    let name = field.text(findings)?;
    let all = around.indexes.iter().map(|(name, index)| (name.as_str(), index));
    let index = known((&field.what, field.span()), name, "index", all, findings)?.as_ref()?;
    let by_year = |amount: Ore, findings: &mut Findings| by_year(amount, index, around, &field, findings);
    let at_most = match at_most {
        AtMost::Amount(amount) => AtMost::ByYear(by_year(amount, findings)?),
        AtMost::Open => AtMost::Open,
        _ => {
            let help = "write `at_most = 500_000`, which the index multiplies, or amounts by year without it";
            field.error(findings, "multiplies a single amount", help);
            return None;
        }
    };
    let at_least = match at_least {
        Some(AtLeast::Amount(amount)) => Some(AtLeast::ByYear(by_year(amount, findings)?)),
        other => other,
    };
    Some((at_most, at_least))
}

/// An amount in each budget year that the contract can touch; the years before its first and after its last calendar year
/// go with these.
fn by_year(
    amount: Ore,
    index: &Index,
    around: &Around<'_>,
    field: &Field<'_>,
    findings: &mut Findings,
) -> Option<BTreeMap<i16, Ore>> {
    let (first, last) = (around.period.starts.year(), around.period.ends.year());
    let mut found = BTreeMap::new();
    for year in first - 1..=last + 1 {
        let Some(number) = index.at(year.clamp(first, last)) else {
            let help = format!("the contract runs from {first} to {last}: name each of its years");
            field.error(findings, format_args!("has no number for {year}"), help);
            return None;
        };
        found.insert(year, mul_div_down(amount, *number.numer(), *number.denom()));
    }
    Some(found)
}
