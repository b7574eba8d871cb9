//! Contracts that end early: nobody enrols, nothing is measured and no fee falls due from a date on, where an event happens.

use jiff::civil::Date;

use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Unit, Whole};
use super::Shared;
use super::inputs::event;
use crate::scenario::model::{Investment, Stop, What};

/// 1 where nothing has ended by a date, else 0.
pub(super) fn goes_on(
    shared: &mut Shared<'_>,
    investment: &Investment,
    (what, date): (What, Date),
    origin: &Origin,
) -> Whole {
    let ends = |stop: &&Stop| stop.ends(what) && stop.on <= date;
    let stops: Vec<_> = investment.stops.iter().filter(ends).map(|stop| stop.event.clone()).collect();
    if stops.is_empty() {
        return Whole::Constant(1);
    }
    let flags: Vec<Whole> = stops.iter().map(|name| event(shared, investment, name)).collect();
    let ended = shared.builder.any(&flags, origin.clone());
    shared.builder.is_zero(ended, origin.clone())
}

/// People, where nothing has ended by a date.
pub(super) fn people(
    shared: &mut Shared<'_>,
    investment: &Investment,
    at: (What, Date),
    people: Whole,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    let flag = goes_on(shared, investment, at, origin);
    shared.builder.keep(people, flag, Unit::People, origin.clone())
}

/// A measured number, which has no value where measuring has ended.
pub(super) fn level(
    shared: &mut Shared<'_>,
    investment: &Investment,
    date: Date,
    level: Whole,
    origin: &Origin,
) -> Whole {
    match goes_on(shared, investment, (What::Measuring, date), origin) {
        Whole::Constant(1) => level,
        flag => shared.builder.weighed(level, flag, origin.clone()),
    }
}
