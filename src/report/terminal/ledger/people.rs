//! What is drawn, and the people of each intake in each outcome.

use std::collections::BTreeSet;

use super::{Columns, Line, Measure, Page, Reading, Step, paragraph};
use crate::scenario::model::{Investment, Population};

/// Up to this many intakes each have a column.
const MOST_INTAKES: usize = 5;

impl Page<'_> {
    /// The numbers drawn for an investment.
    pub(super) fn drawn(&self, investment: usize) -> String {
        let list = list(self.words.drawn, &self.inputs(investment));
        if list.is_empty() { list } else { paragraph(&list) }
    }

    /// The common factors and the events behind all investments.
    pub(super) fn common(&self) -> String {
        let shared = |step: Step| {
            let lines = self.ledger.lines().iter().zip(&self.view.shown);
            lines.filter(move |(line, shown)| **shown && line.step == step).map(|(line, _)| line)
        };
        let score = |line: &Line| {
            self.figure(line, Measure::Score).map(|score| format!("{}\u{a0}{score}", line.item))
        };
        let factors: Vec<_> = shared(Step::Factor).filter_map(score).collect();
        let events =
            shared(Step::Event).filter_map(|line| match self.ledger.figure(line, Measure::Happens) {
                Some(Reading::Flag(happens)) => Some(self.language.happens(&line.item, happens)),
                _ => None,
            });
        let lists =
            [list(self.words.factors, &factors), list(self.words.events, &events.collect::<Vec<_>>())];
        let lists: Vec<_> = lists.into_iter().filter(|list| !list.is_empty()).collect();
        if lists.is_empty() { String::new() } else { paragraph(&lists.join(" ")) }
    }

    /// Each input with its value, or its values by intake.
    fn inputs(&self, investment: usize) -> Vec<String> {
        let mut items: Vec<(&str, String)> = Vec::new();
        let lines = self
            .lines(investment)
            .filter(|(index, line)| self.view.shown[*index] && line.step == Step::Input);
        for (_, line) in lines {
            let value = self.figure(line, Measure::Value).unwrap_or_default();
            match items.last_mut() {
                Some((item, values)) if line.intake.is_some() && *item == line.item => {
                    values.push_str(" / ");
                    values.push_str(&value);
                }
                _ => items.push((&line.item, value)),
            }
        }
        items
            .into_iter()
            .map(|(item, values)| format!("{item}\u{a0}{}", values.replace(' ', "\u{a0}")))
            .collect()
    }

    /// The people enrolled and each outcome, by intake and together.
    pub(super) fn people(&self, investment: usize) -> String {
        let model = &self.view.scenario.investments[investment];
        let lines = self.lines(investment).filter(|(index, line)| {
            self.view.shown[*index] && matches!(line.step, Step::People | Step::Outcome)
        });
        let lines: Vec<&Line> = lines.map(|(_, line)| line).collect();
        if !lines.iter().any(|line| line.step == Step::Outcome) {
            return String::new();
        }
        let rows: Vec<Vec<&Line>> = lines
            .chunk_by(|a, b| (a.step, &a.item) == (b.step, &b.item))
            .flat_map(|of_item| {
                let points: BTreeSet<_> = of_item.iter().map(|line| line.point).collect();
                let at = |point| of_item.iter().copied().filter(move |line| line.point == point).collect();
                points.into_iter().map(at).collect::<Vec<Vec<&Line>>>()
            })
            .collect();
        let intakes = model.cohort.intakes.len();
        let wide = intakes <= MOST_INTAKES;
        let mut header = vec![self.words.people.to_owned(), self.words.rate.to_owned()];
        if wide {
            header.extend(model.cohort.intakes.iter().map(|date| self.language.text().date(*date)));
        }
        if intakes > 1 {
            header.push(self.words.together.to_owned());
        }
        let mut columns = Columns::new(2, header).unruled();
        for row in &rows {
            let by_intake: Vec<_> =
                row.iter().map(|line| self.figure(line, Measure::Measured).unwrap_or_default()).collect();
            let mut cells = vec![self.row_label(model, row), self.rates(row)];
            if wide {
                cells.extend(by_intake.iter().cloned());
            }
            if intakes > 1 {
                cells.push(self.together(row));
            }
            columns.row(cells);
            if !wide {
                columns.row(vec![format!("  {}", by_intake.join(", "))]);
            }
        }
        columns.text()
    }

    fn row_label(&self, model: &Investment, row: &[&Line]) -> String {
        let Some(first) = row.first() else { return String::new() };
        let outcome = model.outcomes.iter().find(|outcome| outcome.name.as_str() == first.item);
        let Some(outcome) = outcome.filter(|_| first.step == Step::Outcome) else {
            let everyone = first.item == "enrolled";
            let enrolled = self.words.enrolled;
            return if everyone { enrolled.to_owned() } else { self.language.of_whom(&first.item, enrolled) };
        };
        let of = match outcome.of {
            Population::Enrolled => self.words.enrolled,
            Population::Group(group) => {
                model.cohort.groups.as_ref().map_or("", |groups| groups.names[group].as_str())
            }
            Population::Reached(of) => model.outcomes[of].name.as_str(),
        };
        let label = match first.point.filter(|_| outcome.points > 1) {
            Some(point) => self.language.point(&first.item, point + 1),
            None => first.item.clone(),
        };
        self.language.of_whom(&label, of)
    }

    /// The chance or true level, once where it is the same in all intakes.
    fn rates(&self, row: &[&Line]) -> String {
        let mut rates: Vec<_> = row.iter().filter_map(|line| self.figure(line, Measure::Rate)).collect();
        rates.dedup();
        rates.join(" / ")
    }

    /// People are added; levels are not.
    fn together(&self, row: &[&Line]) -> String {
        let people: Option<i64> = row
            .iter()
            .map(|line| match self.ledger.figure(line, Measure::Measured) {
                Some(Reading::People(people)) => Some(people),
                _ => None,
            })
            .sum();
        people.map_or_else(String::new, |people| self.reading(Reading::People(people)))
    }
}

fn list(title: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("{title}: {}.", items.join("; ")) }
}
