//! Formulas of outcomes that have no value in some trials, a sentence each.

use super::text::Style;
use crate::engine::results::Results;

/// What a reader must know of formulas that would divide by zero in some trials.
pub(crate) fn without_value(results: &Results<'_>, style: Style) -> Vec<String> {
    let told = results.grid().undefined().iter().filter_map(|undefined| {
        let share = results.summary_of(undefined.flag()).ok()?.mean().value;
        let (investment, outcome) = undefined.outcome();
        let name = format!("{investment}.{outcome}");
        (share > 0.0).then(|| style.text.no_value(&name, &style.share(share)))
    });
    told.collect()
}
