//! A sweep as a table: totals of the parties that a value changes, variant by variant.

use super::{Item, Number, Piece, Table, named};
use crate::engine::grid::Flow;
use crate::engine::run::Settings;
use crate::measure::Estimate;
use crate::report::terminal::{safe, study};
use crate::report::text::{Language, Ran, Style};
use crate::scenario::model::Scenario;
use crate::study::sweep::{Parameter, Point, Row};

/// What all sections read.
#[derive(Clone, Copy)]
struct Page<'p> {
    scenario: &'p Scenario,
    parameters: &'p [Parameter],
    points: &'p [Point],
    language: Language,
    style: Style,
}

/// The text of a sweep, ending in a line break.
#[must_use]
pub fn sweep(
    scenario: &Scenario,
    parameters: &[Parameter],
    points: &[Point],
    settings: Settings,
    language: Language,
) -> String {
    study(&pieces(scenario, parameters, points, settings, language))
}

/// What a sweep says.
pub(crate) fn pieces(
    scenario: &Scenario,
    parameters: &[Parameter],
    points: &[Point],
    settings: Settings,
    language: Language,
) -> Vec<Piece> {
    let style = Style { text: language.text(), thousands: false };
    let page = Page { scenario, parameters, points, language, style };
    let words = language.sweep();
    let currency = &scenario.currency;
    let currency = style.text.currency(&currency.code, false, currency.price_level);
    let mut pieces =
        vec![Piece::Section(language.study().values()), Piece::Title(format!("{} {currency}", words.title))];
    let (changed, same): (Vec<_>, Vec<_>) = page.parties().into_iter().partition(|party| page.changes(party));
    if changed.is_empty() {
        pieces.push(Piece::Paragraph(words.nothing.to_owned()));
        return pieces;
    }
    pieces.extend([Piece::Table(page.table(&changed)), Piece::Gap]);
    if !same.is_empty() {
        let names: Vec<_> = same.iter().map(|party| page.name(party)).collect();
        pieces.push(Piece::Paragraph(format!("{} {}.", words.unchanged, names.join(", "))));
    }
    page.prices(&mut pieces);
    pieces.push(Piece::Paragraph(words.legend.to_owned()));
    let trials = style.count(settings.trials);
    let ran = Ran { trials: &trials, seed: settings.seed, sampler: settings.chance.name() };
    pieces.push(Piece::Paragraph(style.text.ran(ran)));
    pieces
}

/// A party by id, as payer or as receiver.
type Party = (String, Flow);

impl Page<'_> {
    fn total<'r>(point: &'r Point, (party, flow): &Party) -> Option<&'r Row> {
        let mine = |row: &&Row| row.names == ["all", party.as_str(), "total"] && row.flow == *flow;
        point.rows.iter().find(mine)
    }

    /// Those who pay or get something under any value; all payers together where there are several.
    fn parties(&self) -> Vec<Party> {
        let mut found: Vec<Party> = Vec::new();
        for row in self.points.iter().flat_map(|point| &point.rows) {
            let party = (row.names[1].clone(), row.flow);
            let total = row.names[0] == "all" && row.names[2] == "total" && row.mean.value != 0.0;
            if total && !found.contains(&party) {
                found.push(party);
            }
        }
        let payers = found.iter().filter(|(_, flow)| *flow == Flow::Payment).count();
        found.retain(|(id, _)| payers != 2 || id != "all");
        found
    }

    fn changes(&self, party: &Party) -> bool {
        let mut rows = self.points.iter().map(|point| {
            Self::total(point, party).map(|row| (row.mean.value.to_bits(), row.p90.value.to_bits()))
        });
        let first = rows.next();
        rows.any(|row| Some(row) != first)
            || self.points.iter().any(|point| {
                Self::total(point, party)
                    .is_some_and(|row| row.prices.iter().flatten().any(|price| price.value != 0.0))
            })
    }

    fn table(&self, parties: &[Party]) -> Table {
        let words = self.language.sweep();
        // The last two keys say which number it is, on two lines.
        let short = |path: &str| {
            let keys: Vec<_> = path.split('.').collect();
            keys[keys.len().saturating_sub(2)..].join(" ")
        };
        let mut header: Vec<String> = self.parameters.iter().map(|p| short(&p.path)).collect();
        header.push(words.party.to_owned());
        let first_number = header.len();
        header.extend([words.mean, "±", "P90", words.cut].map(str::to_owned));
        let several = self.priced().count() > 1;
        header.extend(self.priced().map(|at| {
            let limit = self.parameters[at].path.split('.').rev().nth(1).unwrap_or_default();
            if several { format!("{} {limit}", words.per_krone) } else { words.per_krone.to_owned() }
        }));
        let mut table = Table::new(first_number, header);
        for point in self.points {
            let mut values: Vec<String> = point.values.iter().map(|value| safe(value)).collect();
            for party in parties {
                let Some(row) = Self::total(point, party) else { continue };
                let mut cells: Vec<Item> = values.iter().cloned().map(Item::from).collect();
                cells.push(self.name(party).into());
                cells.extend(self.figures(row));
                table.rows.push(cells);
                values.iter_mut().for_each(String::clear);
            }
        }
        table
    }

    fn figures(&self, row: &Row) -> Vec<Item> {
        let half = row.mean.half_width();
        let money = |ore: f64| Item::of(self.style.units(ore), Number::Money(ore));
        let share = |share: Estimate| Item::of(self.style.share(share.value), Number::Share(share.value));
        let price = |price: Estimate| Item::of(self.price(price), Number::Plain(price.value));
        let none = || Item::from(String::new());
        let mut cells = vec![
            money(row.mean.value),
            half.map_or_else(none, |half| money((half / 100.0).ceil() * 100.0)),
            money(row.p90.value),
            row.cut.map_or_else(none, share),
        ];
        cells.extend(self.priced().map(|at| row.prices[at].map_or_else(none, price)));
        cells
    }

    /// Parameters whose price is known.
    fn priced(self) -> impl Iterator<Item = usize> {
        let any = move |at: &usize| {
            let rows = self.points.iter().flat_map(|point| &point.rows);
            rows.into_iter().any(|row| row.prices[*at].is_some())
        };
        (0..self.parameters.len()).filter(any)
    }

    fn prices(&self, pieces: &mut Vec<Piece>) {
        for at in self.priced() {
            pieces.push(Piece::Paragraph(self.language.price_of_cap(&safe(&self.parameters[at].path))));
            let rows = self.points.iter().flat_map(|point| &point.rows);
            let exact = rows.into_iter().find(|row| row.over[at].is_some());
            if let Some(row) = exact {
                let payer = self.name(&(row.names[1].clone(), Flow::Payment));
                pieces.push(Piece::Paragraph(self.language.price_is_a_chance(&payer)));
            }
        }
    }

    /// Kroner per krone, with three decimals.
    fn price(&self, price: Estimate) -> String {
        let text = format!("{:.3}", price.value);
        let text = if text == "-0.000" { "0.000".to_owned() } else { text };
        text.replace('.', &self.style.text.decimal_mark().to_string())
    }

    fn name(&self, (id, flow): &Party) -> String {
        if id == "all" {
            return self.style.text.all_payers().to_owned();
        }
        let found = self.scenario.parties.iter().find(|(known, _)| known.as_str() == id);
        let name = found.map(|(_, party)| named(&party.name)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| id.clone());
        if *flow == Flow::Receipt { self.language.gets(&name) } else { name }
    }
}
