//! Scenarios held against the first of them: a table for each, and in words what it means for every payer.

use super::{Item, Number, Piece, Table, named};
use crate::engine::model::Model;
use crate::report::comparison::letter;
use crate::report::terminal::{safe, study};
use crate::report::text::{Change, Language, Style};
use crate::scenario::model::Scenario;
use crate::study::compare::{Compared, Comparison, Difference};
use crate::study::streams::Unmatched;

/// Names of random numbers that are listed.
const MOST_NAMES: usize = 12;

/// A scenario on the command line.
#[derive(Debug)]
pub struct Entry<'e> {
    /// The file as it was typed.
    pub file: String,
    /// The model.
    pub model: &'e Model,
    /// What differs in its terms from the first, a sentence each.
    pub changes: Vec<String>,
}

/// What all sections read.
struct Page<'p> {
    entries: &'p [Entry<'p>],
    comparison: &'p Comparison,
    language: Language,
    style: Style,
}

/// The text of a comparison, ending in a line break.
#[must_use]
pub fn comparison(entries: &[Entry<'_>], comparison: &Comparison, language: Language) -> String {
    study(&pieces(entries, comparison, language))
}

/// What a comparison says.
pub(crate) fn pieces(entries: &[Entry<'_>], comparison: &Comparison, language: Language) -> Vec<Piece> {
    let style = Style { text: language.text(), thousands: false };
    let page = Page { entries, comparison, language, style };
    let mut pieces = vec![Piece::Section(language.study().compared())];
    page.title(&mut pieces);
    for other in 1..entries.len() {
        pieces.push(Piece::Gap);
        page.section(other, &mut pieces);
    }
    page.legend(&mut pieces);
    pieces
}

impl Page<'_> {
    fn title(&self, pieces: &mut Vec<Piece>) {
        for (index, entry) in self.entries.iter().enumerate() {
            let title = named(&entry.model.scenario().title);
            pieces.push(Piece::Paragraph(format!("{}  {}: {title}", letter(index), safe(&entry.file))));
        }
    }

    fn section(&self, other: usize, pieces: &mut Vec<Piece>) {
        let entry = &self.entries[other];
        let words = self.language.comparison();
        pieces.push(Piece::Section(format!("{} - {}", letter(other), letter(0))));
        if !entry.changes.is_empty() {
            pieces.push(Piece::Title(format!("{} ({} → {})", words.changes, letter(0), letter(other))));
            pieces.push(Piece::Listed(entry.changes.iter().map(|change| safe(change)).collect()));
            pieces.push(Piece::Gap);
        }
        let currency = &entry.model.scenario().currency;
        let currency = self.style.text.currency(&currency.code, false, currency.price_level);
        pieces.push(Piece::Title(format!("{} {currency}: {} - {}", words.title, letter(other), letter(0))));
        for investment in self.investments(other) {
            let heading = self.heading(&investment);
            if !heading.is_empty() {
                pieces.extend([Piece::Gap, Piece::Title(heading)]);
            }
            pieces.push(Piece::Table(self.table(&investment, other)));
        }
        pieces.push(Piece::Gap);
        pieces.extend(self.sentences(other).into_iter().map(Piece::Paragraph));
        self.unmatched(other, pieces);
        pieces.push(Piece::Gap);
    }

    /// All together, then those in which something differs; a single one is the whole.
    fn investments(&self, other: usize) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for cell in self.comparison.cells.iter().filter(|cell| cell.names[0] != "all") {
            let differs = !cell.differences[other - 1].same;
            if differs && !found.contains(&cell.names[0]) {
                found.push(cell.names[0].clone());
            }
        }
        let single = self.entries.iter().all(|entry| entry.model.scenario().investments.len() == 1);
        let several = if single && found.len() < 2 { Vec::new() } else { found };
        std::iter::once("all".to_owned()).chain(several).collect()
    }

    fn table(&self, investment: &str, other: usize) -> Table {
        let words = self.language.comparison();
        let (a, b) = (letter(0), letter(other));
        let mean = |letter: char| format!("{} {letter}", words.mean);
        let cut = |letter: char| format!("{} {letter}", words.cut);
        let header = [words.payer, words.year].map(str::to_owned).into_iter().chain([
            mean(a),
            mean(b),
            format!("{b} - {a}"),
            "±".to_owned(),
            "P50".to_owned(),
            "P90".to_owned(),
            cut(a),
            cut(b),
        ]);
        let mut table = Table::new(2, header.collect());
        for payer in self.payers(investment) {
            let mut name = self.party(&payer);
            for cell in self.of(investment, &payer) {
                table.rows.push(self.row(std::mem::take(&mut name), cell, other));
            }
        }
        table
    }

    /// Payers of an investment that pay something in one of the scenarios; all together where there are several.
    fn payers(&self, investment: &str) -> Vec<String> {
        let total = |cell: &&Compared| cell.names[0] == investment && cell.names[2] == "total";
        let pays = |cell: &&Compared| {
            cell.own.iter().any(|figures| figures.mean.value != 0.0)
                || cell.differences.iter().any(|difference| !difference.same)
        };
        let cells = self.comparison.cells.iter().filter(total).filter(pays);
        let mut payers: Vec<_> = cells.map(|cell| cell.names[1].clone()).collect();
        if payers.len() == 2 {
            payers.pop();
        }
        payers
    }

    /// The years of a payer in which something is paid, and the total.
    fn of(&self, investment: &str, payer: &str) -> Vec<&Compared> {
        let cells = self.comparison.cells.iter();
        let mine = cells.filter(|cell| cell.names[0] == investment && cell.names[1] == payer);
        let paid = |cell: &&Compared| {
            cell.names[2] == "total" || cell.own.iter().any(|figures| figures.mean.value != 0.0)
        };
        mine.filter(paid).collect()
    }

    fn row(&self, name: String, cell: &Compared, other: usize) -> Vec<Item> {
        let Difference { figures, .. } = cell.differences[other - 1];
        let year = match cell.names[2].as_str() {
            "total" => self.style.text.total().to_owned(),
            year => year.to_owned(),
        };
        let money = |ore: f64| Item::of(self.style.units(ore), Number::Money(ore));
        let more = |ore: f64| Item::of(self.signed(ore), Number::Money(ore));
        let share = |share: f64| Item::of(self.style.share(share), Number::Share(share));
        let error = |half: f64| Item::of(self.up(half), Number::Money(half));
        vec![
            name.into(),
            year.into(),
            money(cell.own[0].mean.value),
            money(cell.own[other].mean.value),
            more(figures.mean.value),
            figures.mean.half_width().map_or_else(|| String::new().into(), error),
            more(figures.p50.value),
            more(figures.p90.value),
            share(cell.own[0].cut.value),
            share(cell.own[other].cut.value),
        ]
    }

    /// One sentence or two for each payer's total.
    fn sentences(&self, other: usize) -> Vec<String> {
        let payers = self.payers("all");
        let totals = payers.iter().filter_map(|payer| self.comparison.cell("all", payer, "total"));
        totals.map(|cell| self.sentence(cell, other)).collect()
    }

    fn sentence(&self, cell: &Compared, other: usize) -> String {
        let (payer, letters) = (self.party(&cell.names[1]), [letter(0), letter(other)]);
        let Difference { figures, same } = cell.differences[other - 1];
        if same {
            return self.language.pays_the_same(&payer, letters);
        }
        let (low, high) = figures.mean.interval.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let size = |ore: f64| self.style.units(ore.abs());
        let more = figures.mean.value > 0.0;
        let ends = if more { [low, high] } else { [-high, -low] };
        let change = Change {
            payer: &payer,
            letters,
            amount: &size(figures.mean.value),
            low: &self.style.units(ends[0]),
            high: &self.style.units(ends[1]),
            more,
            told: low > 0.0 || high < 0.0,
        };
        let p90 = size(figures.p90.value);
        let p90 = (figures.p90.value != 0.0).then_some((p90.as_str(), figures.p90.value > 0.0));
        let cut = [cell.own[0].cut.value, cell.own[other].cut.value].map(|share| self.style.share(share));
        let second = self.language.changes_p90(p90, [&cut[0], &cut[1]]);
        format!("{} {second}", self.language.pays_more(&change))
    }

    fn unmatched(&self, other: usize, pieces: &mut Vec<Piece>) {
        let Unmatched { first, second } = &self.comparison.unmatched[other - 1];
        let listed = |names: &[String]| {
            let more = if names.len() > MOST_NAMES { self.language.comparison().more } else { "" };
            let names = names.iter().take(MOST_NAMES).map(|name| safe(name)).collect::<Vec<_>>().join(", ");
            format!("{names} {more}").trim_end().to_owned()
        };
        for (letter, names) in [(letter(0), first), (letter(other), second)] {
            if !names.is_empty() {
                pieces.push(Piece::Paragraph(self.language.drawn_by_one(letter, &listed(names))));
            }
        }
    }

    fn legend(&self, pieces: &mut Vec<Piece>) {
        let words = self.language.comparison();
        let settings = self.comparison.settings;
        let trials = self.style.count(settings.trials);
        let ran = crate::report::text::Ran {
            trials: &trials,
            seed: settings.seed,
            sampler: settings.chance.name(),
        };
        pieces.push(Piece::Section(self.language.study().computed()));
        pieces.push(Piece::Paragraph(words.legend.to_owned()));
        pieces.push(Piece::Paragraph(self.style.text.ran(ran)));
    }

    fn signed(&self, ore: f64) -> String {
        let text = self.style.units(ore);
        if ore > 0.0 && text != "0" { format!("+{text}") } else { text }
    }

    /// An error, rounded up so that it is never smaller than it is.
    fn up(&self, ore: f64) -> String {
        self.style.units((ore / 100.0).ceil() * 100.0)
    }

    fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        self.entries.iter().map(|entry| entry.model.scenario())
    }

    fn heading(&self, investment: &str) -> String {
        if investment == "all" {
            let several = self.scenarios().any(|scenario| scenario.investments.len() > 1);
            return if several { self.style.text.all_investments().to_owned() } else { String::new() };
        }
        let found = self.scenarios().flat_map(|scenario| &scenario.investments);
        let title = found.into_iter().find(|i| i.id.as_str() == investment).map(|i| named(&i.title));
        format!("{} ({investment})", title.unwrap_or_default())
    }

    fn party(&self, id: &str) -> String {
        if id == "all" {
            return self.style.text.all_payers().to_owned();
        }
        let found = self.scenarios().flat_map(|scenario| &scenario.parties);
        let name =
            found.into_iter().find(|(known, _)| known.as_str() == id).map(|(_, party)| named(&party.name));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned())
    }
}
