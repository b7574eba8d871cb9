//! Conditions: flags that are 1 where a test holds, and amounts that wait for them.

use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Unit, Whole};
use super::super::plan::whole::PERSON;
use super::Shared;
use super::inputs::event;
use super::measured::Measured;
use crate::scenario::model::Condition;

/// 1 where a condition holds, else 0.
pub(super) fn flag(
    shared: &mut Shared<'_>,
    measured: Measured<'_>,
    condition: &Condition,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    match condition {
        Condition::Never => Ok(Whole::ZERO),
        Condition::Happens(name) => Ok(event(shared, measured.investment, name)),
        Condition::Within { outcome, cells, low, high } => {
            let quantity = measured.over(shared, *outcome, cells, origin)?;
            let people = measured.investment.outcomes[*outcome].counts_people();
            let (low, high) = if people { whole_people(*low, *high) } else { (*low, *high) };
            Ok(shared.builder.within(quantity, low, high, origin.clone()))
        }
        Condition::Count { of, low, high } => {
            let flags: Result<Vec<_>, _> = of.iter().map(|c| flag(shared, measured, c, origin)).collect();
            let count = shared.builder.sum(&flags?, Unit::Flag, origin.clone())?;
            Ok(shared.builder.within(count, *low as i64, *high as i64, origin.clone()))
        }
    }
}

/// Bounds in 10⁻⁹ as whole people.
fn whole_people(low: i64, high: i64) -> (i64, i64) {
    (low.div_euclid(PERSON) + i64::from(low.rem_euclid(PERSON) > 0), high.div_euclid(PERSON))
}
