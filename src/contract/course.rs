//! How strong an event is from day to day: it comes, lasts, and fades.

use jiff::civil::Date;

use super::schedule::{Duration, period_end, share_after};

/// The strength of an event: 0 before `on`, rising to 1 by `full`, 1 to the end of the day `until`, falling to 0 on the day `over`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    on: Date,
    full: Date,
    /// The last day in full strength and the first without any; without them it never ends.
    end: Option<(Date, Date)>,
}

/// Why a [`Course`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CourseError {
    /// It ends before it is there.
    #[error(
        "ends on {until}, before it is in full force on {full}; it lasts from `on` to `until`, with `onset` between"
    )]
    Short {
        /// When it ends.
        until: Date,
        /// When it is in full force.
        full: Date,
    },
    /// A date leaves the calendar.
    #[error("comes or fades longer than the calendar lasts; write for example `recovery = \"12 months\"`")]
    Endless,
}

impl Course {
    /// An event on a day that never ends, comes at once, or as is said.
    ///
    /// # Errors
    /// When it ends before it is in full force, or a date leaves the calendar.
    pub fn new(
        on: Date,
        onset: Option<Duration>,
        until: Option<Date>,
        recovery: Option<Duration>,
    ) -> Result<Self, CourseError> {
        let full = onset.map_or(Some(on), |onset| period_end(on, onset)).ok_or(CourseError::Endless)?;
        let last = until.or_else(|| recovery.map(|_| full));
        let Some(last) = last else { return Ok(Self { on, full, end: None }) };
        if last < full {
            return Err(CourseError::Short { until: last, full });
        }
        let next = last.tomorrow().map_err(|_| CourseError::Endless)?;
        let over =
            recovery.map_or(Some(next), |recovery| period_end(last, recovery)).ok_or(CourseError::Endless)?;
        Ok(Self { on, full, end: Some((last, over.max(next))) })
    }

    /// An event that comes at once and never ends.
    #[must_use]
    pub fn at(on: Date) -> Self {
        Self { on, full: on, end: None }
    }

    /// The day it comes.
    #[must_use]
    pub fn on(&self) -> Date {
        self.on
    }

    /// When it is in full force, its last day in full force, and the first day without it, where it is not at once and for good.
    #[must_use]
    pub fn shape(&self) -> (Option<Date>, Option<(Date, Date)>) {
        ((self.full > self.on).then_some(self.full), self.end)
    }

    /// Whether it comes at once and never ends.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.full == self.on && self.end.is_none()
    }

    /// Its strength on a day, from 0 to 1; straight lines up and down.
    #[must_use]
    pub fn on_day(&self, day: Date) -> f64 {
        if day < self.on {
            return 0.0;
        }
        let come = if day < self.full { days(self.on, day) / days(self.on, self.full) } else { 1.0 };
        let left = match self.end {
            Some((until, over)) if day > until => (days(day, over) / days(until, over)).max(0.0),
            _ => 1.0,
        };
        if come < left { come } else { left }
    }

    /// Its mean strength over the days from `start` to `end`, both included.
    #[must_use]
    pub fn over_window(&self, start: Date, end: Date) -> f64 {
        if self.is_plain() {
            return share_after(start, end, self.on);
        }
        let (mut day, mut sum, mut count) = (start, 0.0, 0.0);
        while day <= end {
            sum += self.on_day(day);
            count += 1.0;
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        if count > 0.0 { sum / count } else { self.on_day(start) }
    }
}

fn days(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// A crash that takes eight weeks to come, stays for a month and fades over a hundred days.
    fn crash() -> Course {
        let days = |days| Some(Duration::Days(days));
        Course::new(date(2020, 3, 2), days(56), Some(date(2020, 5, 27)), days(100)).unwrap()
    }

    #[test]
    fn it_comes_lasts_and_fades() {
        let crash = crash();
        let at = |m, d| crash.on_day(date(2020, m, d));
        assert!(at(3, 1).abs() < 1e-15 && at(3, 2).abs() < 1e-15);
        assert!((at(3, 30) - 0.5).abs() < 1e-15 && (at(4, 27) - 1.0).abs() < 1e-15);
        assert!((at(5, 27) - 1.0).abs() < 1e-15 && (at(7, 16) - 0.5).abs() < 1e-15);
        assert!(at(9, 4).abs() < 1e-15 && at(12, 31).abs() < 1e-15);
    }

    #[test]
    fn a_window_has_the_mean_of_its_days() {
        let crash = crash();
        // Up over 56 days, 31 days in full, down over 100: the area is 28 + 30.5 + 50 less the half day at either corner.
        let area = crash.over_window(date(2020, 1, 1), date(2020, 12, 31)) * 366.0;
        assert!((area - (27.5 + 31.0 + 49.5)).abs() < 1e-9, "{area}");
        assert!((crash.over_window(date(2020, 5, 1), date(2020, 5, 27)) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn what_comes_at_once_for_good_is_the_share_of_days_after_it() {
        let plain = Course::new(date(2026, 7, 2), None, None, None).unwrap();
        let found = plain.over_window(date(2026, 1, 1), date(2026, 12, 31));
        assert!((found - 183.0 / 365.0).abs() < 1e-15 && plain.is_plain());
        // Recovery alone begins when it is there.
        let fading = Course::new(date(2026, 1, 1), None, None, Some(Duration::Days(10))).unwrap();
        assert!((fading.on_day(date(2026, 1, 6)) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn it_tells_its_days() {
        let crash = crash();
        let end = Some((date(2020, 5, 27), date(2020, 9, 4)));
        assert_eq!((crash.on(), crash.shape()), (date(2020, 3, 2), (Some(date(2020, 4, 27)), end)));
        assert_eq!(Course::at(date(2026, 7, 2)).shape(), (None, None));
    }

    #[test]
    fn only_what_comes_at_once_for_good_is_plain() {
        let year = |course: Course| course.over_window(date(2026, 1, 1), date(2026, 12, 31));
        let slow = Course::new(date(2026, 1, 1), Some(Duration::Days(10)), None, None).unwrap();
        let short = Course::new(date(2026, 1, 1), None, Some(date(2026, 1, 5)), None).unwrap();
        assert!(!slow.is_plain() && !short.is_plain());
        // Ten days rise 0, 0.1, .. 0.9; five days are in full strength, the first among them.
        assert!((year(slow) - (4.5 + 355.0) / 365.0).abs() < 1e-12);
        assert!((year(short) - 5.0 / 365.0).abs() < 1e-12);
        assert!((short.on_day(date(2026, 1, 1)) - 1.0).abs() < 1e-15);
        // A window without a day is read on its first.
        assert!((slow.over_window(date(2026, 1, 6), date(2026, 1, 5)) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn refuses_what_ends_before_it_comes() {
        let text = Course::new(date(2026, 3, 1), Some(Duration::Days(30)), Some(date(2026, 3, 2)), None);
        let text = text.unwrap_err().to_string();
        assert!(text.starts_with("ends on 2026-03-02, before it is in full force on 2026-03-31"), "{text}");
        let endless = Duration::Months(4_000_000);
        assert_eq!(Course::new(date(2026, 3, 1), None, None, Some(endless)), Err(CourseError::Endless));
    }
}
