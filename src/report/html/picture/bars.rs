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

/// Letters on a line, and on that of the heading.
const LETTERS: usize = 56;
const HEADING: usize = 38;

/// What a colour or a sign stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A bar: an average, or what is paid or got back.
    Mean,
    /// A bar: what a limit takes, or what is put in.
    Other,
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
            Self::Other => "other",
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
    /// What stands above the bars: whose they are.
    pub(crate) heading: String,
    /// What they are of, with the unit.
    pub(crate) lead: String,
    pub(crate) rows: Vec<Bar>,
    pub(crate) legend: Vec<(Sign, String)>,
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
    /// Whether pieces stand one below the other instead, each from nothing.
    pub(crate) apart: bool,
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
    pieces: Vec<Piece>,
    range: Option<(Place, Place)>,
    edges: Vec<Place>,
    diamonds: Vec<Place>,
}

/// A mark of the axis.
struct Tick {
    x: Place,
    text: String,
    /// Where its text stands: those at the ends would be cut off in the middle.
    anchor: &'static str,
}

/// A piece of a bar with its places.
struct Piece {
    class: &'static str,
    x: Place,
    y: Place,
    width: Place,
    height: Place,
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
    ticks: Vec<Tick>,
    heading: String,
    axis: Place,
    tick_text: Place,
    keys: Vec<Key<'b>>,
    height: Place,
}

impl Bars {
    /// Draws it, for a page and as a file.
    pub(in crate::report::html) fn draw(&self, money: Money) -> askama::Result<Picture> {
        let drawn = |alone| self.drawing(money, alone).render();
        Ok(Picture { name: self.name.clone(), small: false, inline: drawn(false)?, alone: drawn(true)? })
    }

    fn drawing(&self, money: Money, alone: bool) -> Drawing<'_> {
        let scale = Scale::to(self.most);
        let place = |amount: f64| Place(LEFT + LENGTH * (amount / scale.top).clamp(0.0, 1.0));
        let mut y = 43.0;
        let mut rows = Vec::new();
        for bar in &self.rows {
            rows.push(drawn(bar, y, &place));
            y += LINE + BAR + SPACE + if bar.note.is_empty() { 0.0 } else { LINE };
        }
        let tick = |amount: f64| Tick {
            x: place(amount),
            text: if amount > 0.0 { money.tick(amount, scale.step) } else { "0".to_owned() },
            anchor: if amount <= 0.0 {
                "first"
            } else if amount >= scale.top {
                "end"
            } else {
                "mid"
            },
        };
        let ticks = scale.marks().map(tick).collect();
        let (axis, first_key) = (y, y + 26.0);
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
            heading: cut(&self.heading, HEADING),
            axis: Place(axis),
            tick_text: Place(axis + 14.0),
            keys,
            height: Place(height),
        }
    }
}

fn drawn<'b>(bar: &'b Bar, y: f64, place: &impl Fn(f64) -> Place) -> Drawn<'b> {
    let top = y + LINE - 1.0;
    let of =
        |sign| bar.signs.iter().filter(move |(found, _)| *found == sign).map(|(_, amount)| place(*amount));
    Drawn {
        pieces: pieces(bar, top, place),
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

fn pieces(bar: &Bar, top: f64, place: &impl Fn(f64) -> Place) -> Vec<Piece> {
    let height = if bar.apart { BAR / bar.pieces.len().max(1) as f64 } else { BAR };
    let mut start = 0.0;
    let piece = |(index, (sign, amount)): (usize, &(Sign, f64))| {
        let (x, y) = (place(start), if bar.apart { top + height * index as f64 } else { top });
        let width = Place(place(start + amount).0 - x.0);
        if !bar.apart {
            start += amount;
        }
        Piece { class: sign.class(), x, y: Place(y), width, height: Place(height) }
    };
    bar.pieces.iter().enumerate().map(piece).collect()
}

/// Entries of a legend stand two to a line.
fn at(key: &(Sign, String), index: usize, first: f64) -> Key<'_> {
    let (column, line) = ((index % 2) as f64, (index / 2) as f64);
    Key { class: key.0.class(), text: &key.1, x: Place(LEFT + 180.0 * column), y: Place(first + LINE * line) }
}
