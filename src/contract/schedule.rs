//! Dates: periods, budget years, and years between dates for interest.

use jiff::civil::Date;
use thiserror::Error;

/// A whole number of days, months or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// Calendar days.
    Days(u32),
    /// Calendar months; a quarter is three, a year is twelve.
    Months(u32),
}

/// Why a text is not a duration.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a duration; write for example \"6 months\", \"30 days\", \"1 quarter\" or \"2 years\"")]
pub struct DurationError(String);

impl std::str::FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let refuse = || DurationError(text.to_owned());
        let (number, unit) = match text.trim().split_once(' ') {
            Some((number, unit)) => (number.parse::<u32>().map_err(|_| refuse())?, unit.trim()),
            None => (1, text.trim()),
        };
        let months = match unit {
            "day" | "days" => return Ok(Self::Days(number)),
            "week" | "weeks" => return number.checked_mul(7).map(Self::Days).ok_or_else(refuse),
            "month" | "months" => 1,
            "quarter" | "quarters" => 3,
            "year" | "years" => 12,
            _ => return Err(refuse()),
        };
        number.checked_mul(months).map(Self::Months).ok_or_else(refuse)
    }
}

/// The last day of a period of the given length that begins on `start`.
///
/// A period that starts on the 1st ends on a *last day*: three months from 1 October end on 31 December, in the
/// same budget year, not on 1 January. Month ends stay month ends, so that a chain of periods does not drift.
/// From any other day the period ends on the same day of a later month (or that month's last day).
/// `None` when the calendar ends.
#[must_use]
pub fn period_end(start: Date, length: Duration) -> Option<Date> {
    match length {
        Duration::Days(days) => start.checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok(),
        Duration::Months(0) => Some(start),
        Duration::Months(months) => {
            let month =
                start.first_of_month().checked_add(jiff::Span::new().try_months(i64::from(months)).ok()?);
            let month = month.ok()?;
            if start.day() == 1 {
                month.yesterday().ok()
            } else if start == start.last_of_month() {
                Some(month.last_of_month())
            } else {
                month.with().day(start.day().min(month.days_in_month())).build().ok()
            }
        }
    }
}

/// The first day of the period that follows `times` periods of `months` months from `start`.
#[must_use]
pub fn later_start(start: Date, months: u32, times: u32) -> Option<Date> {
    let span = jiff::Span::new().try_months(i64::from(months.checked_mul(times)?)).ok()?;
    start.checked_add(span).ok()
}

/// The first day of a budget year, as month and day; the calendar year unless a party says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearStart {
    month: i8,
    day: i8,
}

impl Default for YearStart {
    fn default() -> Self {
        Self { month: 1, day: 1 }
    }
}

impl YearStart {
    /// Reads `"04-01"`. `None` when this is no day of every year.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        Date::new(2001, month, day).ok()?;
        Some(Self { month, day })
    }

    /// Its month and day.
    #[must_use]
    pub fn month_and_day(self) -> (i8, i8) {
        (self.month, self.day)
    }

    /// The budget year of a date, named after the calendar year in which it begins.
    #[must_use]
    pub fn year_of(self, date: Date) -> i16 {
        if (date.month(), date.day()) < (self.month, self.day) { date.year() - 1 } else { date.year() }
    }
}

/// Years from `from` to `to` for interest: whole anniversaries, and days/365 of the rest.
///
/// The last day of a month counts as the first of the next, so that 2013-07-01 to 2014-06-30 is one year.
/// Zero when `to` does not come after `from`.
#[must_use]
pub fn years_between(from: Date, to: Date) -> f64 {
    let (from, to) = (round_up_month_end(from), round_up_month_end(to));
    if to <= from {
        return 0.0;
    }
    let mut whole = to.year() - from.year();
    if anniversary(from, whole) > to {
        whole -= 1;
    }
    f64::from(whole) + days_between(anniversary(from, whole), to) / 365.0
}

/// The share of the window from `start` to `end` that lies on or after `on`.
#[must_use]
pub fn share_after(start: Date, end: Date, on: Date) -> f64 {
    if on <= start {
        return 1.0;
    }
    if on > end {
        return 0.0;
    }
    // The window holds its last day; the event holds from its first.
    (days_between(on, end) + 1.0) / (days_between(start, end) + 1.0)
}

/// The calendar quarter of a date, as (year, 1 to 4).
#[must_use]
pub fn quarter_of(date: Date) -> (i16, i8) {
    (date.year(), (date.month() - 1) / 3 + 1)
}

fn round_up_month_end(date: Date) -> Date {
    if date == date.last_of_month() { date.tomorrow().unwrap_or(date) } else { date }
}

fn anniversary(from: Date, years: i16) -> Date {
    let first = from.first_of_month().with().year(from.year() + years).build().unwrap_or(from);
    first.with().day(from.day().min(first.days_in_month())).build().unwrap_or(first)
}

fn days_between(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn end(start: Date, length: &str) -> Date {
        period_end(start, length.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_period_from_the_first_ends_on_a_last_day() {
        assert_eq!(end(date(2026, 10, 1), "3 months"), date(2026, 12, 31));
        assert_eq!(end(date(2026, 7, 1), "12 months"), date(2027, 6, 30));
        assert_eq!(end(date(2027, 12, 1), "3 months"), date(2028, 2, 29));
        assert_eq!(end(date(2026, 1, 1), "1 quarter"), date(2026, 3, 31));
    }

    #[test]
    fn month_ends_stay_month_ends_and_other_days_stay() {
        assert_eq!(end(date(2027, 2, 28), "1 month"), date(2027, 3, 31));
        assert_eq!(end(date(2027, 6, 30), "12 months"), date(2028, 6, 30));
        assert_eq!(end(date(2026, 5, 15), "2 years"), date(2028, 5, 15));
        assert_eq!(end(date(2026, 1, 30), "1 month"), date(2026, 2, 28));
        assert_eq!(end(date(2026, 1, 30), "10 days"), date(2026, 2, 9));
    }

    #[test]
    fn durations_say_what_to_write() {
        assert!("6 moons".parse::<Duration>().unwrap_err().to_string().contains("6 months"));
        assert_eq!("quarter".parse(), Ok(Duration::Months(3)));
        assert_eq!("2 weeks".parse(), Ok(Duration::Days(14)));
        assert!("99999999999 days".parse::<Duration>().is_err());
        assert!("4000000000 years".parse::<Duration>().is_err());
        assert_eq!(period_end(date(2026, 1, 1), Duration::Months(4_000_000_000)), None);
        assert_eq!(period_end(date(2026, 1, 1), Duration::Days(4_000_000_000)), None);
    }

    #[test]
    fn a_budget_year_is_named_after_the_year_it_begins_in() {
        let british = YearStart::parse("04-01").unwrap();
        assert_eq!(british.year_of(date(2028, 3, 31)), 2027);
        assert_eq!(british.year_of(date(2028, 4, 1)), 2028);
        assert_eq!(YearStart::default().year_of(date(2028, 12, 31)), 2028);
        assert_eq!(YearStart::parse("02-30"), None);
        assert_eq!(YearStart::parse("04-06").unwrap().month_and_day(), (4, 6));
    }

    #[test]
    fn interest_counts_whole_anniversaries() {
        assert!((years_between(date(2013, 7, 1), date(2014, 6, 30)) - 1.0).abs() < 1e-12);
        assert!((years_between(date(2026, 7, 1), date(2028, 7, 1)) - 2.0).abs() < 1e-12);
        assert!((years_between(date(2025, 12, 1), date(2027, 7, 1)) - (1.0 + 212.0 / 365.0)).abs() < 1e-12);
        assert!(years_between(date(2028, 7, 1), date(2027, 7, 1)).abs() < 1e-12);
        // With a leap day in the year of the last anniversary, and in the days after it.
        assert!((years_between(date(2026, 7, 1), date(2028, 9, 1)) - (2.0 + 62.0 / 365.0)).abs() < 1e-12);
        assert!((years_between(date(2025, 12, 1), date(2028, 3, 1)) - (2.0 + 91.0 / 365.0)).abs() < 1e-12);
    }

    #[test]
    fn a_window_is_hit_by_its_share_after_the_event() {
        let share = |on| share_after(date(2026, 1, 1), date(2026, 12, 31), on);
        assert!((share(date(2025, 1, 1)) - 1.0).abs() < 1e-12);
        assert!((share(date(2026, 7, 2)) - 183.0 / 365.0).abs() < 1e-12);
        assert!((share(date(2026, 12, 31)) - 1.0 / 365.0).abs() < 1e-12);
        assert!(share(date(2027, 1, 1)).abs() < 1e-12 && share(date(2027, 6, 1)).abs() < 1e-12);
    }

    #[test]
    fn quarters_have_three_months() {
        assert_eq!(quarter_of(date(2026, 3, 31)), (2026, 1));
        assert_eq!(quarter_of(date(2026, 4, 1)), (2026, 2));
        assert_eq!(quarter_of(date(2027, 12, 31)), (2027, 4));
    }

    #[test]
    fn later_periods_start_on_the_same_day() {
        assert_eq!(later_start(date(2026, 10, 1), 3, 5), Some(date(2028, 1, 1)));
        assert_eq!(later_start(date(2026, 1, 31), 1, 1), Some(date(2026, 2, 28)));
        assert_eq!(later_start(date(2026, 1, 1), u32::MAX, 2), None);
    }
}
