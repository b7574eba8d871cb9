//! What a page says, made out of figures: a file for each section.

mod accounts;
pub(in crate::report) mod cases;
mod contracts;
mod dates;
mod headline;
mod hundred;
mod investors;
mod moves;
mod notes;
pub(in crate::report) mod payments;
pub(in crate::report) mod register;
mod reserves;

use super::audience::Audience;
use super::money::Money;
use super::names::shown;
use super::view::{Block, Section, View};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::{CASE, Model};
use crate::engine::results::Results;
use crate::engine::run::Unwatched;
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::{Axes, Member};
use crate::report::exposure::Over;
use crate::report::figures::Figures;
use crate::report::text::{Language, PageWords, Style};
use crate::scenario::name::Name;
use crate::study::sensitivity::Sensitivity;

/// Amounts are in thousands and millions when a contract allows payments of at least this much (øre).
const THOUSANDS_FROM: i64 = 100_000_000;

/// Portfolios of more investments than this are shown as a whole only.
const MOST_INVESTMENTS: usize = 12;

/// Pictures are drawn of so many payers; tables have all.
const MOST_PICTURES: usize = 6;

/// What all sections read.
pub(in crate::report) struct Builder<'b> {
    pub(in crate::report) figures: &'b Figures<'b>,
    pub(in crate::report) axes: Axes<'b>,
    pub(in crate::report) cases: Vec<(&'b Name, Results<'b>)>,
    audience: Audience,
    pub(in crate::report) style: Style,
    money: Money,
    pub(in crate::report) words: PageWords,
    payer: Option<&'b str>,
    study: Option<&'b Sensitivity>,
}

/// What decides what is said, beside the figures.
#[derive(Clone, Copy)]
pub(in crate::report) struct Asked<'a> {
    pub(in crate::report) language: Language,
    pub(in crate::report) audience: Audience,
    /// The id of the payer whose page it is; all where there is none.
    pub(in crate::report) payer: Option<&'a str>,
    /// What moves the payments, if that is to be told.
    pub(in crate::report) study: Option<&'a Sensitivity>,
}

impl<'b> Builder<'b> {
    /// Runs the named cases.
    pub(in crate::report) fn new(
        figures: &'b Figures<'b>,
        cases: &'b [(Name, Model)],
        asked: Asked<'b>,
    ) -> Result<Self, ReportError> {
        let Asked { language, audience, payer, study } = asked;
        let axes = Axes::new(figures.results());
        let whole = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };
        let thousands = figures.results().contract_max(whole, Flow::Payment) >= Some(THOUSANDS_FROM);
        let style = Style { text: language.text(), thousands };
        let words = language.page();
        let run = |(name, model): &'b (Name, Model)| {
            model.run_watched(CASE, Some(1), &Unwatched).map(|results| (name, results))
        };
        let mut cases = cases.iter().map(run).collect::<Result<Vec<_>, _>>()?;
        // The plan is what readers know.
        cases.sort_by_key(|(name, _)| name.as_str() != "plan");
        let money = Money { style, words };
        Ok(Self { figures, axes, cases, audience, style, money, words, payer, study })
    }

    /// Date and budget years, behind the title.
    pub(in crate::report) fn about(&self) -> String {
        let scenario = self.axes.scenario;
        let date = scenario.as_of.map(|date| self.style.text.as_of(date));
        let years = scenario.budget_years();
        let years = (!years.is_empty())
            .then(|| self.style.text.budget_years(&crate::report::terminal::years(years), years.len() > 1));
        [date, years].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The page.
    pub(super) fn view(&self) -> Result<View, ReportError> {
        let scenario = self.axes.scenario;
        let reader = match self.audience {
            Audience::Council => self.words.for_council(),
            Audience::Finance => self.words.for_finance(),
            Audience::Analyst => self.words.for_analyst(),
        };
        let sections = self.sections()?.into_iter().filter(|section| !section.blocks.is_empty());
        Ok(View {
            title: shown(&scenario.title),
            reader: self.whose(reader),
            about: self.about(),
            sections: sections.collect(),
        })
    }

    /// For whom a page is, with the payer whose page it is.
    fn whose(&self, reader: String) -> String {
        let party = self.payer.and_then(|id| self.axes.payers.iter().find(|payer| payer.1 == id));
        match party {
            Some(payer) => format!("{reader}: {}", self.party(payer.0)),
            None => reader,
        }
    }

    fn sections(&self) -> Result<Vec<Section>, ReportError> {
        let short = self.audience == Audience::Council;
        let mut sections = vec![self.headline()?, self.payments()?];
        if !short {
            sections.extend([self.reserves()?, self.contracts()]);
        }
        sections.push(self.hundred()?);
        if !short {
            sections.extend([self.accounts()?, self.investors()?]);
        }
        sections.extend(self.moves()?);
        sections.push(self.cases()?);
        if !short {
            sections.push(self.dates());
        }
        sections.push(self.rests_on());
        if !short {
            sections.push(self.register());
        }
        sections.push(self.computed());
        Ok(sections)
    }

    /// The currency of tables, in units or thousands.
    fn currency(&self) -> String {
        let currency = &self.axes.scenario.currency;
        self.style.text.currency(&currency.code, self.style.thousands, currency.price_level)
    }

    /// An amount in øre for a sentence.
    fn long(&self, ore: f64) -> String {
        self.money.long(ore, &self.axes.scenario.currency.code)
    }

    /// The unit of pictures.
    fn unit(&self) -> String {
        let currency = &self.axes.scenario.currency;
        self.money.unit(&currency.code, currency.price_level)
    }

    /// The name of a party for people.
    pub(in crate::report) fn party(&self, party: Pick) -> String {
        let Pick::One(index) = party else { return self.style.text.all_payers().to_owned() };
        let named = self.axes.scenario.parties.iter().nth(index);
        named.map_or_else(String::new, |(id, party)| {
            if party.name.is_empty() { id.to_string() } else { shown(&party.name) }
        })
    }

    /// The payers of an investment, those with an appropriation first and then by what they may have to pay; last all
    /// together, where there are several.
    pub(in crate::report) fn payers_of(&self, investment: Pick) -> Vec<&Member> {
        let pays = |party: Pick| self.can_be_paid(Cell { investment, party, year: Pick::All });
        let mut payers: Vec<_> = self.axes.payers.iter().filter(|(party, _)| pays(*party)).collect();
        if let Some(id) = self.payer {
            payers.retain(|payer| payer.1 == id);
        }
        if payers.len() == 2 {
            payers.pop();
        }
        let most = |payer: &Member| self.most(Cell { investment, party: payer.0, year: Pick::All });
        payers.sort_by(|a, b| {
            let last = |payer: &Member| (payer.0 == Pick::All, !self.budgeted(investment, payer.0));
            last(a).cmp(&last(b)).then(most(b).total_cmp(&most(a)))
        });
        payers
    }

    /// The payers of an investment one by one.
    pub(in crate::report) fn single_payers(&self, investment: Pick) -> Vec<&Member> {
        let payers = self.payers_of(investment).into_iter();
        payers.filter(|(party, _)| *party != Pick::All).collect()
    }

    fn budgeted(&self, investment: Pick, party: Pick) -> bool {
        let cell = |year: &Member| Cell { investment, party, year: year.0 };
        self.axes.years.iter().any(|year| self.axes.appropriation(cell(year)).is_some())
    }

    /// Whether a payment can fall in a cell.
    pub(in crate::report) fn can_be_paid(&self, cell: Cell) -> bool {
        self.figures.results().grid().cells.contains_key(&(cell, Flow::Payment))
    }

    /// A statistic of what is paid in a cell, in øre.
    pub(in crate::report) fn paid(&self, cell: Cell, statistic: Statistic) -> f64 {
        self.figures.of(cell, Flow::Payment).value(statistic)
    }

    /// The most that is paid in a cell whatever happens, in øre.
    pub(in crate::report) fn most(&self, cell: Cell) -> f64 {
        self.figures.results().contract_max(cell, Flow::Payment).unwrap_or(0) as f64
    }

    /// A cell held against what is appropriated for it.
    pub(in crate::report) fn over(&self, cell: Cell) -> Result<Option<Over>, ReportError> {
        let appropriation = self.axes.appropriation(cell);
        Ok(appropriation.map(|amount| Over::new(self.figures, cell, amount)).transpose()?)
    }

    /// All investments together, and one by one where there are several and not too many.
    pub(in crate::report) fn shown_investments(&self) -> Vec<Pick> {
        let count = self.axes.scenario.investments.len();
        let single = if (2..=MOST_INVESTMENTS).contains(&count) { count } else { 0 };
        std::iter::once(Pick::All).chain((0..single).map(Pick::One)).collect()
    }

    pub(in crate::report) fn year(&self, year: &Member) -> String {
        if year.0 == Pick::All { self.style.text.total().to_owned() } else { year.1.clone() }
    }

    /// The years in which a payment can fall, one by one.
    pub(in crate::report) fn single_years(&self) -> impl Iterator<Item = &Member> {
        self.axes.years.iter().filter(|(pick, _)| *pick != Pick::All)
    }
}

/// A section of blocks.
fn section(id: &'static str, heading: String, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), heading, blocks }
}
