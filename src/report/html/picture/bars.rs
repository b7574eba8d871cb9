//! Bars of amounts, one a row, with ranges and marks.

use askama::Template;

use super::super::money::Money;
use super::super::view::Picture;
use super::scale::Scale;
use super::{Place, cut};

/// Where bars begin, and how long the longest is.
const LEFT: f64 = 6.0;
const LENGTH: f64 = 340.0;

/// Heights: a line of text, a bar, the space below a row.
const LINE: f64 = 15.0;
const BAR: f64 = 13.0;
const SPACE: f64 = 9.0;

/// Letters on a line.
const LETTERS: usize = 56;

/// What a colour or a sign stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A bar: an average, or what is paid or got back.
    Mean,
    /// A line: eight of ten trials.
    Range,
    /// A dashed line across: the most that can be, or where nothing is lost.
    Edge,
    /// A diamond: what is appropriated.
    Diamond,
}

impl Sign {
    /// The class in the style.
    fn class(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Range => "range",
            Self::Edge => "edge",
            Self::Diamond => "diamond",
        }
    }
}

/// A picture in the making; amounts in øre.
#[derive(Debug)]
pub(crate) struct Bars {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) rows: Vec<Bar>,
    pub(crate) legend: Vec<(Sign, String)>,
    /// The unit below the axis.
    pub(crate) unit: String,
    /// What the axis must have room for.
    pub(crate) most: f64,
}

/// A row.
#[derive(Debug, Default)]
pub(crate) struct Bar {
    pub(crate) head: String,
    pub(crate) label: String,
    pub(crate) note: String,
    /// The row as a sentence.
    pub(crate) spoken: String,
    /// Pieces one after the other.
    pub(crate) pieces: Vec<(Sign, f64)>,
    pub(crate) range: Option<(f64, f64)>,
    pub(crate) signs: Vec<(Sign, f64)>,
}

/// A row with its places.
struct Drawn<'b> {
    bar: &'b Bar,
    head: String,
    text: Place,
    top: Place,
    middle: Place,
    bottom: Place,
    note: Place,
    pieces: Vec<(&'static str, Place, Place)>,
    range: Option<(Place, Place)>,
    edges: Vec<Place>,
    diamonds: Vec<Place>,
}

/// An entry of the legend with its place.
struct Key<'b> {
    class: &'static str,
    text: &'b str,
    x: Place,
    y: Place,
}

#[derive(Template)]
#[template(path = "pictures/bars.svg")]
struct Drawing<'b> {
    bars: &'b Bars,
    alone: bool,
    description: String,
    rows: Vec<Drawn<'b>>,
    ticks: Vec<(Place, String)>,
    axis: Place,
    tick_text: Place,
    unit_text: Place,
    keys: Vec<Key<'b>>,
    height: Place,
}

impl Bars {
    /// Draws it, for a page and as a file.
    pub(crate) fn draw(&self, money: Money) -> askama::Result<Picture> {
        let drawn = |alone| self.drawing(money, alone).render();
        Ok(Picture { name: self.name.clone(), inline: drawn(false)?, alone: drawn(true)? })
    }

    fn drawing(&self, money: Money, alone: bool) -> Drawing<'_> {
        let scale = Scale::to(self.most);
        let place = |amount: f64| Place(LEFT + LENGTH * (amount / scale.top).clamp(0.0, 1.0));
        let mut y = 26.0;
        let mut rows = Vec::new();
        for bar in &self.rows {
            rows.push(drawn(bar, y, &place));
            y += LINE + BAR + SPACE + if bar.note.is_empty() { 0.0 } else { LINE };
        }
        let ticks = scale.marks().map(|amount| (place(amount), money.tick(amount, scale.step))).collect();
        let (axis, first_key) = (y, y + 46.0);
        let keys: Vec<_> =
            self.legend.iter().enumerate().map(|(index, key)| at(key, index, first_key)).collect();
        let height = first_key + LINE * keys.len().div_ceil(2) as f64;
        let description = self.rows.iter().map(|bar| bar.spoken.as_str()).collect::<Vec<_>>().join(" ");
        Drawing {
            bars: self,
            alone,
            description,
            rows,
            ticks,
            axis: Place(axis),
            tick_text: Place(axis + 14.0),
            unit_text: Place(axis + 28.0),
            keys,
            height: Place(height),
        }
    }
}

fn drawn<'b>(bar: &'b Bar, y: f64, place: &impl Fn(f64) -> Place) -> Drawn<'b> {
    let top = y + LINE - 1.0;
    let of =
        |sign| bar.signs.iter().filter(move |(found, _)| *found == sign).map(|(_, amount)| place(*amount));
    let mut start = 0.0;
    let pieces = bar.pieces.iter().map(|(sign, amount)| {
        let from = place(start);
        start += amount;
        (sign.class(), from, Place(place(start).0 - from.0))
    });
    Drawn {
        pieces: pieces.collect(),
        bar,
        head: cut(&bar.head, LETTERS.saturating_sub(bar.label.chars().count()).max(8)),
        text: Place(y + 8.0),
        top: Place(top),
        middle: Place(top + BAR / 2.0),
        bottom: Place(top + BAR),
        note: Place(top + BAR + 12.0),
        range: bar.range.map(|(low, high)| (place(low), place(high))),
        edges: of(Sign::Edge).collect(),
        diamonds: of(Sign::Diamond).collect(),
    }
}

/// Entries of a legend stand two to a line.
fn at(key: &(Sign, String), index: usize, first: f64) -> Key<'_> {
    let (column, line) = ((index % 2) as f64, (index / 2) as f64);
    Key { class: key.0.class(), text: &key.1, x: Place(LEFT + 172.0 * column), y: Place(first + LINE * line) }
}
