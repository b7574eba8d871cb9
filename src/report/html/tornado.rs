//! What moves a payment most, as a picture: its average with each number at its low and its high end.

use super::money::Money;
use super::picture::bars::{Bar, Bars, Sign};
use crate::report::text::{Language, Style};

/// Amounts are in millions from here on (øre).
const THOUSANDS_FROM: f64 = 100_000_000.0;

/// A number: its name, how its ends are written, and the average payment at each, in øre.
pub(in crate::report) type Moved = (String, [String; 2], [f64; 2]);

/// The marks in which averages up to an amount are written.
pub(super) fn money(language: Language, most: f64) -> Money {
    let style = Style { text: language.text(), thousands: most >= THOUSANDS_FROM };
    Money { style, words: language.page() }
}

/// The picture of a payer, by id and name. The line across is the average of the trials.
pub(in crate::report) fn tornado(
    language: Language,
    (id, name): (&str, &str),
    (code, price_level): (&str, Option<i16>),
    mean: f64,
    rows: Vec<Moved>,
) -> Bars {
    let most = rows.iter().flat_map(|row| row.2).fold(mean, f64::max);
    let (money, words) = (money(language, most), language.study());
    let bar = |(head, ends, means): Moved| {
        let [low, high] = means.map(|ore| money.short(ore));
        let label = words.moves_from(&words.ends(&ends[0], &ends[1]), &low, &high);
        Bar {
            spoken: format!("{head} {label}."),
            head,
            label,
            range: Some((means[0].min(means[1]), means[0].max(means[1]))),
            signs: vec![(Sign::Edge, mean)],
            ..Bar::default()
        }
    };
    Bars {
        name: format!("moved-{id}"),
        title: words.moved(name),
        heading: name.to_owned(),
        lead: words.moved_in(&money.unit(code, price_level)),
        rows: rows.into_iter().map(bar).collect(),
        legend: vec![(Sign::Range, words.ends_legend()), (Sign::Edge, words.mean_legend())],
        most,
    }
}
