//! The return cap: what a fund may still get on each date, from the definitions in docs/model.md, section 10.

use jiff::civil::Date;

use super::rule::Rule;
use crate::contract::promise::Promise;
use crate::money::Ore;
use crate::scenario::model::Fund;

/// What is due on `day` after payments on `paid`, as a rule of these payments.
pub(super) fn due(promise: Promise, fund: &Fund, day: Date, paid: &[Date], ends: Date) -> Rule {
    let drawn = || fund.drawn.iter().filter(move |(on, _)| *on <= day);
    let all: Ore = drawn().map(|(_, amount)| amount).sum();
    let grown = |growth: &dyn Fn(Date) -> f64| drawn().map(|(on, amount)| *amount as f64 * growth(*on)).sum();
    let constant: f64 = match promise {
        Promise::Amount(amount) => amount as f64,
        Promise::Multiple(times) => {
            let product = i128::from(all) * i128::from(*times.numer());
            product.div_euclid(i128::from(*times.denom())) as f64
        }
        Promise::Balance(_) | Promise::Simple(_) => grown(&|on| weight(promise, on, day)),
        Promise::Average(rate) => grown(&|on| 1.0 + rate * years(on, ends)),
    };
    Rule::Due { constant, weights: paid.iter().map(|on| weight(promise, *on, day)).collect() }
}

/// How much an øre of one day weighs on a later day.
fn weight(promise: Promise, then: Date, now: Date) -> f64 {
    match promise {
        Promise::Amount(_) | Promise::Multiple(_) | Promise::Average(_) => 1.0,
        Promise::Balance(rate) => libm::pow(1.0 + rate, years(then, now)),
        Promise::Simple(rate) => 1.0 + rate * years(then, now),
    }
}

/// Whether what is due depends on nothing but the sum of earlier payments.
pub(super) fn counts_only_sums(promise: Promise) -> bool {
    match promise {
        Promise::Amount(_) | Promise::Multiple(_) | Promise::Average(_) => true,
        Promise::Balance(_) | Promise::Simple(_) => false,
    }
}

/// Whole anniversaries and days/365 of the rest; the last day of a month counts as the first of the next.
fn years(from: Date, to: Date) -> f64 {
    let first = |day: Date| {
        if day == day.last_of_month() { day.saturating_add(jiff::Span::new().days(1)) } else { day }
    };
    let (from, to) = (first(from), first(to));
    let after = |years: i16| from.saturating_add(jiff::Span::new().years(years));
    let mut whole = 0;
    while after(whole + 1) <= to {
        whole += 1;
    }
    let rest = after(whole).until(to).map_or(0, |span| span.get_days());
    if to <= from { 0.0 } else { f64::from(whole) + f64::from(rest) / 365.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn years_are_anniversaries_and_days() {
        assert!((years(date(2013, 7, 1), date(2014, 6, 30)) - 1.0).abs() < 1e-15);
        assert!((years(date(2025, 12, 1), date(2027, 7, 1)) - (1.0 + 212.0 / 365.0)).abs() < 1e-15);
        assert!((years(date(2028, 2, 29), date(2029, 2, 28)) - 1.0).abs() < 1e-15);
        assert!(years(date(2028, 7, 1), date(2027, 7, 1)).abs() < 1e-15);
    }
}
