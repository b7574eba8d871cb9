//! `ledger.csv`: the ledger of one trial, every figure a row, in the order in which the trial runs.

use super::profile::Profile;
use super::sheet::Sheet;
use crate::engine::explain::{Ledger, Reading};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::ledger::{Line, Measure};
use crate::scenario::model::Scenario;

/// The header of the file.
pub(crate) const HEADER: [&str; 13] = [
    "line",
    "investment",
    "step",
    "item",
    "intake",
    "point",
    "date",
    "since",
    "party",
    "year",
    "measure",
    "value",
    "unit",
];

/// The step of the lines at the end: every account of every investment, party and budget year, with all totals.
const ACCOUNT: &str = "account";

/// What every such file begins with.
///
/// # Errors
/// Only when memory runs out.
pub fn mark(profile: Profile) -> csv::Result<Vec<u8>> {
    Ok(Sheet::new(profile, &HEADER)?.finish())
}

/// Writes the file: the lines of the ledger, then the accounts.
///
/// # Errors
/// Only when memory runs out.
pub fn ledger(scenario: &Scenario, ledger: &Ledger<'_>, profile: Profile) -> csv::Result<Vec<u8>> {
    let mut writer = Writer { sheet: Sheet::new(profile, &HEADER)?, scenario, number: 0 };
    for line in ledger.lines() {
        writer.line(line, ledger)?;
    }
    for ((cell, flow), figure) in ledger.grid().figures() {
        writer.account(cell, flow, ledger.grid().years(), ledger.whole(figure))?;
    }
    Ok(writer.sheet.finish())
}

struct Writer<'s> {
    sheet: Sheet,
    scenario: &'s Scenario,
    /// Lines so far; the figures of a line share its number.
    number: u64,
}

impl Writer<'_> {
    fn line(&mut self, line: &Line, ledger: &Ledger<'_>) -> csv::Result<()> {
        let investment = line.investment.and_then(|index| self.scenario.investments.get(index));
        let intakes = investment.map_or(&[][..], |investment| &investment.cohort.intakes);
        let date = |date: Option<jiff::civil::Date>| date.map_or_else(String::new, |date| date.to_string());
        self.number += 1;
        let texts = [
            self.number.to_string(),
            investment.map_or_else(|| "all".to_owned(), |investment| investment.id.to_string()),
            line.step.name().to_owned(),
            line.item.clone(),
            date(line.intake.and_then(|intake| intakes.get(intake)).copied()),
            line.point.map_or_else(String::new, |point| (point + 1).to_string()),
            date(line.date),
            date(line.since),
            line.party.map_or_else(String::new, |party| self.party(party)),
            line.year.map_or_else(String::new, |year| year.to_string()),
        ];
        for (measure, reading) in ledger.figures(line) {
            let unit = match measure {
                Measure::Score => Some("sd"),
                Measure::Price => Some(self.scenario.currency.code.as_str()),
                _ => None,
            };
            self.row(&texts, measure.name(), reading, unit)?;
        }
        Ok(())
    }

    fn account(&mut self, cell: Cell, flow: Flow, years: &[i16], amount: i64) -> csv::Result<()> {
        let name = |pick: Pick, all: &str, one: &dyn Fn(usize) -> String| match pick {
            Pick::One(index) => one(index),
            Pick::All => all.to_owned(),
        };
        self.number += 1;
        let [blank, intake, point, date, since] = [(); 5].map(|()| String::new());
        let texts = [
            self.number.to_string(),
            name(cell.investment, "all", &|index| self.scenario.investments[index].id.to_string()),
            ACCOUNT.to_owned(),
            blank,
            intake,
            point,
            date,
            since,
            name(cell.party, "all", &|index| self.party(index)),
            name(cell.year, "total", &|index| years[index].to_string()),
        ];
        self.row(&texts, flow.name(), Reading::Money(amount), None)
    }

    fn row(
        &mut self,
        texts: &[String; 10],
        measure: &str,
        reading: Reading,
        unit: Option<&str>,
    ) -> csv::Result<()> {
        let currency = &self.scenario.currency.code;
        let texts: Vec<&str> = texts.iter().map(String::as_str).chain([measure]).collect();
        let texts = self.sheet.encode(&texts)?;
        self.sheet.begin(&texts);
        let unit = match reading {
            Reading::Number(number) => {
                self.sheet.number(number);
                unit.unwrap_or("number")
            }
            Reading::Flag(happens) => {
                self.sheet.number(f64::from(u8::from(happens)));
                "0/1"
            }
            Reading::People(people) => {
                self.sheet.number(people as f64);
                "people"
            }
            Reading::Level(level) => {
                self.sheet.level(level);
                "level"
            }
            Reading::Money(ore) => {
                self.sheet.money(Some(ore));
                currency
            }
        };
        let unit = self.sheet.encode(&[unit])?;
        self.sheet.texts(&unit);
        self.sheet.end();
        Ok(())
    }

    fn party(&self, index: usize) -> String {
        self.scenario.parties.keys().nth(index).map_or_else(String::new, ToString::to_string)
    }
}
