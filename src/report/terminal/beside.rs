//! The exact answer beside the simulation: payments, receipts and limits, and a verdict.

use std::collections::BTreeSet;

use super::layout::{paragraph, safe, table};
use crate::engine::results::Results;
use crate::exact::{Figure, Flow};
use crate::report::beside::{Aspect, Beside, Score};
use crate::report::text::{Language, Style};
use crate::scenario::model::Scenario;
use crate::scenario::name::Id;

/// What all tables read.
struct Tables<'t> {
    scenario: &'t Scenario,
    beside: &'t Beside,
    language: Language,
    style: Style,
}

/// The tables of every investment with the verdict, ending in a line break. `compared` is in the order of investments.
#[must_use]
pub fn beside(results: &Results<'_>, compared: &[Beside], language: Language) -> String {
    let scenario = results.model().scenario();
    let style = Style { text: language.text(), thousands: false };
    let currency = style.text.currency(&scenario.currency.code, false, scenario.currency.price_level);
    let mut text = paragraph(&format!("{} {currency}", language.beside().title));
    for (investment, beside) in scenario.investments.iter().zip(compared) {
        let tables = Tables { scenario, beside, language, style };
        text.push('\n');
        if compared.len() > 1 {
            text.push_str(&paragraph(&format!("{} ({})", safe(&investment.title), investment.id)));
        }
        for section in [tables.flows(Flow::Payment), tables.flows(Flow::Receipt), tables.limits()] {
            if !section.is_empty() {
                text.push_str(&section);
                text.push('\n');
            }
        }
        text.push_str(&paragraph(&tables.verdict()));
    }
    text.push_str(&paragraph(language.beside().legend));
    text
}

impl Tables<'_> {
    /// A flow by party and budget year.
    fn flows(&self, flow: Flow) -> String {
        let words = self.language.beside();
        let first = if flow == Flow::Receipt { words.investor } else { words.payer };
        let mut header = vec![first, words.year, words.mean, words.simulated, "z"];
        if flow == Flow::Payment {
            header.extend([words.cut, words.simulated, "z"]);
        }
        let mut rows = Vec::new();
        let parties: BTreeSet<Option<&Id>> = self.cells(flow).map(|(party, _)| party).collect();
        let named = parties.iter().filter(|party| party.is_some()).count();
        let all = parties.iter().filter(|party| party.is_none() && named > 1 && flow == Flow::Payment);
        for party in parties.iter().filter(|party| party.is_some()).chain(all) {
            let mut name = self.party(*party);
            for year in self.years(flow, *party) {
                rows.push(self.row(flow, std::mem::take(&mut name), *party, year));
            }
        }
        if rows.is_empty() {
            return String::new();
        }
        table(header.into_iter().map(str::to_owned).collect(), rows, 2)
    }

    /// Party and year of every figure of a flow that is not certainly nothing.
    fn cells(&self, flow: Flow) -> impl Iterator<Item = (Option<&Id>, Option<i16>)> {
        self.beside.scores.iter().filter_map(move |score| match &score.figure {
            Figure::Flow(of, party, year) if *of == flow && score.exact > 0.0 => {
                Some((party.as_ref(), *year))
            }
            _ => None,
        })
    }

    /// The years of a party, and then the total.
    fn years(&self, flow: Flow, party: Option<&Id>) -> Vec<Option<i16>> {
        let mine = self.cells(flow).filter(|(of, _)| *of == party).map(|(_, year)| year);
        let years: BTreeSet<Option<i16>> = mine.collect();
        years.iter().filter(|year| year.is_some()).copied().chain([None]).collect()
    }

    fn row(&self, flow: Flow, name: String, party: Option<&Id>, year: Option<i16>) -> Vec<String> {
        let figure = Figure::Flow(flow, party.cloned(), year);
        let label = year.map_or_else(|| self.style.text.total().to_owned(), |year| year.to_string());
        let mut row = vec![name, label];
        row.extend(self.columns(&figure, Aspect::Mean, |ore| self.style.units(ore)));
        if flow == Flow::Payment {
            let spared = Figure::Spared(party.cloned(), year);
            row.extend(self.columns(&spared, Aspect::Happens, |share| self.share(share)));
        }
        row
    }

    fn columns(&self, figure: &Figure, aspect: Aspect, written: impl Fn(f64) -> String) -> [String; 3] {
        self.beside.score(figure, aspect).map_or_else(Default::default, |score| {
            [written(score.exact), written(score.simulated), score.z.map_or_else(String::new, |z| self.z(z))]
        })
    }

    fn limits(&self) -> String {
        let words = self.language.beside();
        let happens = self.beside.scores.iter().filter_map(|score| match &score.figure {
            Figure::Limit(id) => Some((id, &score.figure)),
            _ => None,
        });
        let row = |(id, figure): (&String, &Figure)| {
            let columns = self.columns(figure, Aspect::Happens, |share| self.share(share));
            std::iter::once(id.clone()).chain(columns).collect()
        };
        let rows: Vec<Vec<String>> = happens.map(row).collect();
        if rows.is_empty() {
            return String::new();
        }
        let header = [words.limit, words.takes, words.simulated, "z"].map(str::to_owned);
        table(header.to_vec(), rows, 1)
    }

    fn verdict(&self) -> String {
        let (count, bound) = (self.beside.compared(), self.z(self.beside.bound()));
        if let Some(found) = self.beside.impossible.first() {
            let trials = self.style.count(found.trials);
            return self.language.impossible(&name(&found.figure), &self.ore(found.amount), &trials);
        }
        let furthest = self.beside.furthest();
        let z = self.z(furthest.and_then(|score| score.z).unwrap_or(0.0).abs());
        match furthest.filter(|_| !self.beside.agrees()) {
            None => self.language.agrees(&z, count, &bound),
            Some(Score { figure, .. }) => self.language.differs(&name(figure), &z, count, &bound),
        }
    }

    fn party(&self, id: Option<&Id>) -> String {
        let Some(id) = id else { return self.style.text.all_payers().to_owned() };
        let name = self.scenario.parties.get(id).map(|party| safe(&party.name)).unwrap_or_default();
        if name.is_empty() { id.to_string() } else { name }
    }

    /// A share in per cent with three decimals: as much as a hundred thousand trials can tell.
    fn share(&self, share: f64) -> String {
        self.style.text.percent(&self.decimal(&format!("{:.3}", 100.0 * share)))
    }

    fn z(&self, z: f64) -> String {
        self.decimal(&format!("{z:.1}"))
    }

    /// An amount to the øre.
    fn ore(&self, amount: i64) -> String {
        self.decimal(&format!("{}.{:02}", amount / 100, amount % 100))
    }

    fn decimal(&self, text: &str) -> String {
        text.replace('.', &self.style.text.decimal_mark().to_string())
    }
}

/// The name of a figure in files.
fn name(figure: &Figure) -> String {
    let at = |party: &Option<Id>, year: &Option<i16>| {
        let party = party.as_ref().map_or("all", Id::as_str);
        year.map_or_else(|| format!("{party}, total"), |year| format!("{party}, {year}"))
    };
    match figure {
        Figure::Flow(flow, party, year) => format!("{} ({})", flow.name(), at(party, year)),
        Figure::Spared(party, year) => format!("prob_cut ({})", at(party, year)),
        Figure::Limit(id) => format!("prob_cut ({id})"),
    }
}
