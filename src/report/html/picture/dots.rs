//! A hundred dots: how a hundred trials end.

use askama::Template;

use super::super::view::Picture;
use super::{Place, cut, lines};

/// Dots in a line, and the distance between two.
const LINE: u32 = 10;
const APART: f64 = 15.0;

/// Letters on a line of the legend, and on that of the title.
const LETTERS: usize = 12;
const TITLE: usize = 27;

/// How a trial can end: its place in the style.
const CLASSES: [&str; 3] = ["none", "mean", "other"];

/// A picture in the making.
#[derive(Debug)]
pub(crate) struct Dots {
    pub(crate) name: String,
    pub(crate) title: String,
    /// What stands above the dots.
    pub(crate) heading: String,
    pub(crate) lead: String,
    pub(crate) description: String,
    /// Of a hundred trials, with what they are.
    pub(crate) parts: [(u32, String); 3],
}

/// An entry of the legend.
struct Key {
    class: &'static str,
    count: u32,
    lines: Vec<(Place, String)>,
    y: Place,
}

#[derive(Template)]
#[template(path = "pictures/dots.svg")]
struct Drawing<'d> {
    dots: &'d Dots,
    alone: bool,
    heading: String,
    places: Vec<(&'static str, Place, Place)>,
    keys: Vec<Key>,
}

impl Dots {
    /// Draws it, for a page and as a file.
    pub(crate) fn draw(&self) -> askama::Result<Picture> {
        let drawn = |alone| self.drawing(alone).render();
        Ok(Picture { name: self.name.clone(), small: true, inline: drawn(false)?, alone: drawn(true)? })
    }

    fn drawing(&self, alone: bool) -> Drawing<'_> {
        let ends = CLASSES.into_iter().zip(&self.parts);
        let classes = ends.flat_map(|(class, (count, _))| std::iter::repeat_n(class, *count as usize));
        let places = (0_u32..).zip(classes).map(|(index, class)| {
            let (column, line) = (f64::from(index % LINE), f64::from(index / LINE));
            (class, Place(12.0 + APART * column), Place(44.0 + APART * line))
        });
        let keys = CLASSES.into_iter().zip(&self.parts).enumerate().map(|(index, (class, (count, text)))| {
            let y = 50.0 + 50.0 * index as f64;
            let lines = lines(text, LETTERS).into_iter().enumerate();
            let lines = lines.map(|(line, text)| (Place(y + 16.0 + 13.0 * line as f64), text)).collect();
            Key { class, count: *count, lines, y: Place(y) }
        });
        let heading = cut(&self.heading, TITLE);
        Drawing { dots: self, alone, heading, places: places.collect(), keys: keys.collect() }
    }
}

/// Shares in hundredths that add up to a hundred: the largest remainders are rounded up. A share that is not zero has at
/// least a dot of its own where there is one to spare.
pub(crate) fn hundredths(shares: [f64; 3]) -> [u32; 3] {
    let whole = shares.map(|share| (share * 100.0).floor().clamp(0.0, 100.0) as u32);
    let mut order = [0, 1, 2];
    let rest = |index: usize| shares[index] * 100.0 - f64::from(whole[index]);
    order.sort_by(|a, b| rest(*b).total_cmp(&rest(*a)));
    let mut counts = whole;
    let missing = 100_u32.saturating_sub(whole.iter().sum()) as usize;
    for index in order.into_iter().cycle().take(missing.min(3)) {
        counts[index] += 1;
    }
    for index in 0..3 {
        let richest = (0..3).max_by_key(|other| counts[*other]).unwrap_or(index);
        if counts[index] == 0 && shares[index] > 0.0 && counts[richest] > 1 {
            counts[index] += 1;
            counts[richest] -= 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_dots_are_a_hundred() {
        for shares in
            [[0.0, 0.0, 1.0], [1.0 / 3.0; 3], [0.005, 0.005, 0.99], [0.104, 0.376, 0.52], [0.0, 1.0, 0.0]]
        {
            let counts = hundredths(shares);
            assert_eq!(counts.iter().sum::<u32>(), 100, "{shares:?} {counts:?}");
            for (count, share) in counts.iter().zip(shares) {
                assert_eq!(*count > 0, share > 0.0, "{shares:?} {counts:?}");
            }
        }
        assert_eq!(hundredths([0.104, 0.376, 0.52]), [10, 38, 52]);
    }
}
