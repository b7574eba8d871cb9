//! The terminal table: what each payer may have to pay, and in words what else a reader must know.

mod appropriations;
pub mod beside;
mod cases;
mod investor;
mod layout;
pub mod ledger;
mod notes;
mod payments;
mod reads;
pub mod sources;
mod study;

use super::ReportError;
use super::axes::{Axes, Member};
use super::figures::Figures;
use super::text::{Language, Style};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::Model;
use crate::scenario::name::Name;
pub(crate) use layout::{safe, years};
pub use reads::reads;
pub(crate) use study::study;

/// Portfolios of more investments than this are shown as a whole only.
const MOST_SHOWN: usize = 12;

/// Amounts are in thousands when a contract allows payments of at least this much (øre).
const THOUSANDS_FROM: i64 = 100_000_000;

/// What all sections read.
struct Page<'p> {
    figures: &'p Figures<'p>,
    axes: Axes<'p>,
    style: Style,
    /// The investments that are shown: all together first, then one by one.
    shown: Vec<&'p Member>,
}

/// The text of the table and of all sections below it, ending in a line break.
///
/// `cases` are the scenario's named cases, compiled.
///
/// # Errors
/// When a named case does not run.
pub fn terminal(
    figures: &Figures<'_>,
    cases: &[(Name, Model)],
    language: Language,
) -> Result<String, ReportError> {
    let axes = Axes::new(figures.results());
    let whole = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };
    let thousands = figures.results().contract_max(whole, Flow::Payment) >= Some(THOUSANDS_FROM);
    let members = axes.investments.clone();
    let page =
        Page { figures, style: Style { text: language.text(), thousands }, shown: shown(&members), axes };
    let mut text = page.title();
    let sections =
        [page.payments(), page.investor(), page.appropriations()?, page.cases(cases)?, page.notes()];
    for section in sections.iter().filter(|section| !section.is_empty()) {
        text.push('\n');
        text.push_str(section);
    }
    Ok(text)
}

/// The line about a precision in units of the currency, and the trials that it took.
#[must_use]
pub fn precise(language: Language, within: u64, currency: &str, trials: u64) -> String {
    let style = Style { text: language.text(), thousands: false };
    let within = format!("{}\u{a0}{}", style.count(within), style.text.currency(currency, false, None));
    layout::paragraph(&style.text.precise(&within, &style.count(trials)))
}

/// Whether so many investments are shown one by one.
fn apart(investments: usize) -> bool {
    (2..=MOST_SHOWN).contains(&investments)
}

/// A single investment is the whole, and is shown once.
fn shown(members: &[Member]) -> Vec<&Member> {
    let count = members.len() - 1;
    let whole = members.iter().rev().take(1);
    let single = if apart(count) { &members[..count] } else { &[] };
    whole.chain(single).collect()
}

impl Page<'_> {
    fn title(&self) -> String {
        let scenario = self.axes.scenario;
        let title = safe(&scenario.title);
        let id = scenario.id.as_str();
        let name = if title == id { title } else { format!("{title} ({id})") };
        let date = scenario.as_of.map(|date| self.style.text.as_of(date));
        let years = scenario.budget_years();
        let years =
            (!years.is_empty()).then(|| self.style.text.budget_years(&layout::years(years), years.len() > 1));
        let parts: Vec<_> = [Some(name), date, years].into_iter().flatten().collect();
        layout::paragraph(&parts.join(", "))
    }

    /// The currency, in units or thousands.
    fn currency(&self) -> String {
        let currency = &self.axes.scenario.currency;
        self.style.text.currency(&currency.code, self.style.thousands, currency.price_level)
    }

    /// The name of an investment for people; empty when there is only one.
    fn heading(&self, investment: Pick) -> String {
        match investment {
            _ if self.axes.scenario.investments.len() == 1 => String::new(),
            Pick::All => format!("{}\n", self.style.text.all_investments()),
            Pick::One(index) => {
                let investment = &self.axes.scenario.investments[index];
                format!("{} ({})\n", safe(&investment.title), investment.id)
            }
        }
    }

    /// The name of a party for people.
    fn party(&self, party: Pick) -> String {
        let Pick::One(index) = party else { return self.style.text.all_payers().to_owned() };
        let named = self.axes.scenario.parties.iter().nth(index);
        named.map_or_else(String::new, |(id, party)| {
            let name = safe(&party.name);
            if name.is_empty() { id.to_string() } else { name }
        })
    }

    fn year<'y>(&self, year: &'y Member) -> &'y str {
        if year.0 == Pick::All { self.style.text.total() } else { &year.1 }
    }

    /// Whether a payment can fall in a cell.
    fn can_be_paid(&self, cell: Cell) -> bool {
        self.figures.results().grid().cells.contains_key(&(cell, Flow::Payment))
    }

    /// The payers of an investment, and all together where there are several.
    fn payers_of(&self, investment: Pick) -> Vec<&Member> {
        let pays = |party: Pick| self.can_be_paid(Cell { investment, party, year: Pick::All });
        let mut payers: Vec<_> = self.axes.payers.iter().filter(|(party, _)| pays(*party)).collect();
        if payers.len() == 2 {
            payers.pop();
        }
        payers
    }
}
