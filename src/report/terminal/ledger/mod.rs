//! The ledger of one trial for the terminal: from people to kroner, investment by investment.

mod money;
mod people;
mod totals;

use super::layout::{Columns, paragraph, safe};
use crate::engine::explain::{Ledger, Reading};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::ledger::{Line, Measure, Step};
use crate::report::number::grouped;
use crate::report::text::{Language, Which, Words};
use crate::scenario::model::Scenario;
use crate::scenario::name::Name;

/// What a ledger is shown of, and how.
#[derive(Clone, Debug)]
pub struct View<'v> {
    /// The scenario.
    pub scenario: &'v Scenario,
    /// The seed, for the title.
    pub seed: u64,
    /// How the trial was chosen.
    pub chosen: Chosen<'v>,
    /// The party to whose part it is narrowed, by position.
    pub party: Option<usize>,
    /// By line of the ledger, whether it is shown among people and numbers.
    pub shown: Vec<bool>,
    /// The language.
    pub language: Language,
}

/// How the trial of a ledger was chosen.
#[derive(Clone, Copy, Debug)]
pub enum Chosen<'v> {
    /// By its index.
    Trial,
    /// By the share of trials up to it, in per cent, among so many.
    At(u32, u64),
    /// It is a named case.
    Case(&'v Name),
}

/// What all sections read.
struct Page<'p> {
    view: &'p View<'p>,
    ledger: &'p Ledger<'p>,
    words: &'static Words,
    language: Language,
}

/// The text of a ledger, ending in a line break.
pub fn ledger(view: &View<'_>, ledger: &Ledger<'_>) -> String {
    let page = Page { view, ledger, words: view.language.ledger(), language: view.language };
    let mut text = page.title() + &page.common();
    for (index, investment) in view.scenario.investments.iter().enumerate() {
        if !page.concerns(index) {
            continue;
        }
        text.push('\n');
        if view.scenario.investments.len() > 1 {
            text.push_str(&paragraph(&format!("{} ({})", safe(&investment.title), investment.id)));
        }
        text.push_str(&page.drawn(index));
        text.push_str(&page.people(index));
        text.push_str(&page.money(index));
    }
    text.push('\n');
    text.push_str(&page.totals());
    text
}

impl<'p> Page<'p> {
    fn title(&self) -> String {
        let scenario = self.view.scenario;
        let (title, id) = (safe(&scenario.title), scenario.id.as_str());
        let name = if title == id { title } else { format!("{title} ({id})") };
        let trial =
            grouped(self.ledger.trial().min(i64::MAX as u64) as i64, self.language.text().group_mark());
        let payer = self.view.party.map(|party| self.party(party));
        let seed = self.view.seed;
        let payment = self.ore(self.ledger.account(cell(self.view.party, Pick::All), Flow::Payment));
        let which = match self.view.chosen {
            Chosen::Trial => self.language.which(Which::Trial { trial: &trial, seed }),
            Chosen::At(percent, of) => {
                let of = grouped(of.min(i64::MAX as u64) as i64, self.language.text().group_mark());
                let (payer, payment) = (payer.as_deref(), payment.as_str());
                self.language.which(Which::At { trial: &trial, seed, percent, of: &of, payer, payment })
            }
            Chosen::Case(name) => self.language.which(Which::Case(name.as_str())),
        };
        let currency = &scenario.currency;
        let currency = self.language.text().currency(&currency.code, false, currency.price_level);
        let read = self.language.how_to_read_a_ledger(&currency);
        let name = payer.map_or(name.clone(), |payer| self.language.shown_for(&name, &payer));
        paragraph(&name) + &paragraph(&which) + &paragraph(&read)
    }

    /// Whether the party that is shown has anything to do with an investment.
    fn concerns(&self, investment: usize) -> bool {
        self.view.party.is_none_or(|party| {
            self.lines(investment)
                .any(|(_, line)| line.party == Some(party) && matches!(line.step, Step::Flow(_)))
        })
    }

    /// The lines of an investment with their positions.
    fn lines(&self, investment: usize) -> impl Iterator<Item = (usize, &'p Line)> {
        let lines = self.ledger.lines().iter().enumerate();
        lines.filter(move |(_, line)| line.investment == Some(investment))
    }

    /// The name of a party for people.
    fn party(&self, index: usize) -> String {
        let named = self.view.scenario.parties.iter().nth(index);
        named.map_or_else(String::new, |(id, party)| {
            let name = safe(&party.name);
            if name.is_empty() { id.to_string() } else { name }
        })
    }

    /// An amount to the øre.
    fn ore(&self, ore: i64) -> String {
        let text = self.language.text();
        let sign = if ore < 0 { "-" } else { "" };
        let magnitude = ore.unsigned_abs();
        let whole = grouped((magnitude / 100) as i64, text.group_mark());
        format!("{sign}{whole}{}{:02}", text.decimal_mark(), magnitude % 100)
    }

    /// A number to about four digits; `ledger.csv` has all of them.
    fn number(&self, number: f64) -> String {
        let text = self.language.text();
        let size = number.abs();
        if !number.is_finite() {
            return String::new();
        }
        if size >= 1e9 {
            return format!("{number:.3e}");
        }
        let decimals = match size {
            _ if size.fract() == 0.0 || size >= 10_000.0 => 0,
            _ if size >= 1000.0 => 1,
            _ if size >= 100.0 => 2,
            _ if size >= 10.0 => 3,
            _ if size >= 0.001 => 4,
            _ => 7,
        };
        let digits = format!("{size:.decimals$}");
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let sign = if number < 0.0 { "-" } else { "" };
        let whole = grouped(whole.parse().unwrap_or(0), text.group_mark());
        let mark = text.decimal_mark();
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{mark}{fraction}") }
    }

    /// A figure for people.
    fn reading(&self, reading: Reading) -> String {
        match reading {
            Reading::Number(number) => self.number(number),
            Reading::Flag(flag) => u8::from(flag).to_string(),
            Reading::People(people) => grouped(people, self.language.text().group_mark()),
            Reading::Level(level) => {
                level.map_or_else(|| self.words.nobody.to_owned(), |nano| self.number(nano as f64 / 1e9))
            }
            Reading::Money(ore) => self.ore(ore),
        }
    }

    fn figure(&self, line: &Line, measure: Measure) -> Option<String> {
        self.ledger.figure(line, measure).map(|reading| self.reading(reading))
    }
}

/// The cell of a party, or of all together, over all investments.
fn cell(party: Option<usize>, year: Pick) -> Cell {
    Cell { investment: Pick::All, party: party.map_or(Pick::All, Pick::One), year }
}
