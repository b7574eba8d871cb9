//! Dates as what they follow from: so many months after something, where that holds for all of them.

use jiff::civil::Date;

use super::numbers::Style;
use crate::contract::schedule::{Duration, period_end};
use crate::report::text::Say;

/// The lengths that lead from every first date to the second: at most one in months and one in days.
pub(super) fn lengths(pairs: &[(Date, Date)]) -> Vec<Duration> {
    let Some((from, to)) = pairs.first() else { return Vec::new() };
    let months = i32::from(to.year() - from.year()) * 12 + i32::from(to.month() - from.month());
    let months = (months - 1..=months + 1).filter_map(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    let days = from.until(*to).ok().and_then(|span| u32::try_from(span.get_days()).ok());
    let candidates = months.map(Duration::Months).chain(days.map(Duration::Days));
    let fits = |length: &Duration| pairs.iter().all(|(from, to)| period_end(*from, *length) == Some(*to));
    candidates.filter(fits).collect()
}

impl Style {
    /// A length of time.
    pub(super) fn length(self, length: Duration) -> String {
        self.language.say(&match length {
            Duration::Days(days) => Say::Days(days),
            Duration::Months(months) => Say::Months(months),
        })
    }

    /// Dates in a row.
    pub(super) fn dates(self, dates: impl IntoIterator<Item = Date>) -> String {
        dates.into_iter().map(|date| self.date(date)).collect::<Vec<_>>().join(", ")
    }

    /// Ways to tell dates that follow from others: `after` makes a sentence of a length, and a list of the dates is last.
    pub(super) fn after(self, pairs: &[(Date, Date)], after: impl Fn(&str) -> String) -> Vec<String> {
        let mut told: Vec<_> = lengths(pairs).into_iter().map(|length| after(&self.length(length))).collect();
        let mut listed: Vec<_> = pairs.iter().map(|(_, date)| *date).collect();
        listed.dedup();
        told.push(self.dates(listed));
        told
    }
}
