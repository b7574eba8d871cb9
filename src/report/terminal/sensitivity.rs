//! What moves the payments: a split in plain words, a tornado, indices, and a sentence for what matters most.

use super::layout::{Columns, paragraph, safe};
use crate::estimate::sobol::Indices;
use crate::measure::Estimate;
use crate::report::text::{Language, Matter, Ran, Style};
use crate::scenario::model::Scenario;
use crate::study::sensitivity::drivers::{Driver, Number, Origin};
use crate::study::sensitivity::{Sensitivity, Swing, Target};

/// Numbers in a tornado.
const MOST_NUMBERS: usize = 8;

/// Numbers with a sentence of their own.
const MOST_SENTENCES: usize = 5;

/// What stands between the two ends of a number.
const TO: &str = " → ";

/// A number that moves the chance of a cut by less is no answer to what would have to be true.
const LEAST_MOVE: f64 = 0.1;

/// Sources that have less of the variance are counted.
const LEAST_SHARE: f64 = 0.005;

/// What all sections read.
struct Page<'p> {
    scenario: &'p Scenario,
    study: &'p Sensitivity,
    language: Language,
    style: Style,
}

/// The text of a study, ending in a line break; of one payer when `party` names it.
#[must_use]
pub fn sensitivity(
    scenario: &Scenario,
    study: &Sensitivity,
    party: Option<&str>,
    language: Language,
) -> String {
    let style = Style { text: language.text(), thousands: false };
    let page = Page { scenario, study, language, style };
    let parties = page.parties(party);
    if parties.is_empty() {
        return paragraph(language.sensitivity().nothing);
    }
    let mut text = page.splits(&parties);
    let tables = parties.len() == 1;
    for party in &parties {
        text.push('\n');
        text.push_str(&page.section(party, tables));
    }
    text.push('\n');
    if !tables {
        text.push_str(&paragraph(language.sensitivity().more));
    }
    let trials = style.count(study.settings.trials);
    let settings = study.settings;
    let ran = Ran { trials: &trials, seed: settings.seed, sampler: settings.chance.name() };
    text + &paragraph(&style.text.ran(ran))
}

impl Page<'_> {
    /// Payers whose payments vary; all together only where it is asked for, or the only one.
    fn parties(&self, party: Option<&str>) -> Vec<String> {
        let totals = self.study.targets.iter().filter(|target| target.names[2] == "total");
        let mut found: Vec<String> = totals.map(|target| target.names[1].clone()).collect();
        match party {
            Some(party) => found.retain(|id| id == party),
            None => found.retain(|id| id != "all"),
        }
        found
    }

    fn splits(&self, parties: &[String]) -> String {
        let words = self.language.sensitivity();
        let header = [words.payer, words.year, words.chance, "±", words.shock, "±", words.ignorance, "±"];
        let mut columns = Columns::new(2, header.map(str::to_owned).to_vec());
        for party in parties {
            let mut name = self.party(party);
            for target in self.study.targets.iter().filter(|target| target.names[1] == *party) {
                let Some(split) = target.split[0] else { continue };
                let shares = [split.chance, split.shock, split.ignorance];
                let year = self.year(&target.names[2]);
                let mut row = vec![std::mem::take(&mut name), year];
                shares.iter().for_each(|share| row.extend(self.with_error(*share)));
                columns.row(row);
            }
        }
        let mut text = paragraph(words.split_title) + &columns.text();
        for party in parties {
            let Some(target) = self.study.target(party, "total") else { continue };
            let Some(split) = target.split[0] else { continue };
            let shares = [split.chance, split.shock, split.ignorance].map(|share| self.share(share.value));
            let [chance, shock, ignorance] = &shares;
            let payer = self.party(party);
            text.push_str(&paragraph(&self.language.split_in_words(&payer, [chance, shock, ignorance])));
        }
        text + &paragraph(words.split_legend)
    }

    fn section(&self, party: &str, tables: bool) -> String {
        let Some(target) = self.study.target(party, "total") else { return String::new() };
        let order = order(target);
        let words = self.language.sensitivity();
        let who = format!("{}, {}", self.party(party), self.style.text.total());
        let mut text = String::new();
        if tables {
            text.push_str(&paragraph(&format!("{who}. {} {}", words.tornado_title, self.currency(true))));
            text.push_str(&self.tornado(target, &order));
            text.push_str(&paragraph(words.tornado_legend));
            text.push_str(&format!("\n{}", paragraph(&format!("{who}. {}", words.indices_title))));
            text.push_str(&self.indices(target));
            text.push_str(&format!("{}\n", paragraph(words.indices_legend)));
        }
        text.push_str(&paragraph(&format!("{who}. {} {}", words.top_title, self.currency(false))));
        for (place, number) in order.iter().take(MOST_SENTENCES).enumerate() {
            let sentence = self.sentence(target, *number, &self.party(party));
            text.push_str(&paragraph(&format!("{}. {sentence}", place + 1)));
        }
        text + &self.turning(target, &who)
    }

    fn currency(&self, thousands: bool) -> String {
        let currency = &self.scenario.currency;
        self.style.text.currency(&currency.code, thousands, currency.price_level)
    }

    fn tornado(&self, target: &Target, order: &[usize]) -> String {
        let words = self.language.sensitivity();
        let header =
            [words.number, words.ends, words.mean, words.swing, "±", "P50", "P90", words.earned, words.cut];
        let mut columns = Columns::new(1, header.map(str::to_owned).to_vec());
        let thousand = Style { thousands: true, ..self.style };
        let more = |estimate: Estimate| signed(thousand.amount(estimate.value), estimate.value);
        for at in order.iter().take(MOST_NUMBERS) {
            let (number, swing) = (&self.study.numbers[*at], target.swings[*at]);
            let [low, high] = swing.ends;
            let error = half(swing.mean).map(|half| (half / 100_000.0).ceil() * 100_000.0);
            columns.row(vec![
                self.bare(&number.name),
                self.ends(number).join(TO),
                [low.mean, high.mean].map(|ore| thousand.amount(ore)).join(TO),
                more(swing.mean),
                error.map_or_else(String::new, |error| thousand.amount(error)),
                more(swing.p50),
                more(swing.p90),
                more(swing.earned),
                [low.cut, high.cut].map(|share| self.style.share(share)).join(TO),
            ]);
        }
        columns.text()
    }

    fn indices(&self, target: &Target) -> String {
        let words = self.language.sensitivity();
        let header = [words.source, words.alone, "±", words.in_all, "±", words.rank, "±"];
        let mut columns = Columns::new(1, header.map(str::to_owned).to_vec());
        let mut shown: Vec<(usize, Indices)> = Vec::new();
        for (at, indices) in target.drivers.iter().enumerate() {
            shown
                .extend(indices[0].filter(|found| found.total.value >= LEAST_SHARE).map(|found| (at, found)));
        }
        shown.sort_by(|a, b| b.1.total.value.total_cmp(&a.1.total.value).then(a.0.cmp(&b.0)));
        let left_out = self.study.drivers.len() - shown.len();
        for (at, found) in shown {
            let driver = &self.study.drivers[at];
            let chance = driver.origin == Origin::Chance;
            let name = if chance { words.all_chance.to_owned() } else { self.bare(&driver.name) };
            let mut row = vec![name];
            row.extend(self.with_error(found.first));
            row.extend(self.with_error(found.total));
            row.extend(self.rank(target, driver));
            columns.row(row);
        }
        for (group, indices) in self.study.groups.iter().zip(&target.groups) {
            let Some(found) = indices[0] else { continue };
            let mut row = vec![format!("{} {}", safe(&group.name), words.together)];
            row.extend(self.with_error(found.first));
            row.extend(self.with_error(found.total));
            row.extend([String::new(), String::new()]);
            columns.row(row);
        }
        let mut text = columns.text();
        if left_out > 0 {
            text.push_str(&paragraph(&self.language.others_below(left_out, &self.share(LEAST_SHARE))));
        }
        text
    }

    fn rank(&self, target: &Target, driver: &Driver) -> [String; 2] {
        let same = |number: &Number| number.origin == driver.origin && number.name == driver.name;
        let at = self.study.numbers.iter().position(same);
        let Some(rank) = at.and_then(|at| target.ranks[at][0]) else { return Default::default() };
        let error = half(rank).map_or_else(String::new, |half| self.decimal(&format!("{half:.2}")));
        [self.decimal(&format!("{:.2}", rank.value)), error]
    }

    fn sentence(&self, target: &Target, at: usize, payer: &str) -> String {
        let (number, swing) = (&self.study.numbers[at], target.swings[at]);
        let [low, high] = swing.ends;
        let means = [low.mean, high.mean].map(|ore| self.style.units(ore));
        let cuts = [low.cut, high.cut].map(|share| self.style.share(share));
        let ends = self.ends(number);
        let total = self.total(target, number);
        // The order statistics about P90 are one amount where a limit makes an atom there.
        let atom = target.figures.p90.interval.is_some_and(|(low, high)| low.to_bits() == high.to_bits());
        let fixed = atom && low.p90.to_bits() == high.p90.to_bits();
        let fixed = fixed.then(|| self.style.units(low.p90));
        let error = half(swing.mean).unwrap_or(f64::NAN);
        self.language.matters(&Matter {
            payer,
            number: &self.number(number.origin, &number.name),
            ends: (number.origin == Origin::Input).then_some([&ends[0], &ends[1]]),
            event: number.origin == Origin::Event,
            means: [&means[0], &means[1]],
            swing: &signed(self.style.units(swing.mean.value), swing.mean.value),
            error: &self.style.units((error / 100.0).ceil() * 100.0),
            cuts: [&cuts[0], &cuts[1]],
            total: total.as_ref().map(|[share, error]| [share.as_str(), error.as_str()]),
            fixed: fixed.as_deref(),
        })
    }

    /// The total index of the driver of a number.
    fn total(&self, target: &Target, number: &Number) -> Option<[String; 2]> {
        let same = |driver: &Driver| driver.origin == number.origin && driver.name == number.name;
        let at = self.study.drivers.iter().position(same)?;
        target.drivers[at][0].map(|found| self.with_error(found.total))
    }

    fn turning(&self, target: &Target, who: &str) -> String {
        let mut text = String::new();
        for (at, (number, turning)) in self.study.numbers.iter().zip(&target.turning).enumerate() {
            // A number that hardly moves the cuts is no answer.
            let moves = target.swings[at].cut.value.abs() >= LEAST_MOVE;
            let Some((turning, half)) = turning.and_then(|t| Some((t, half(t.value)?))).filter(|_| moves)
            else {
                continue;
            };
            let decimals = decimals(turning.value.value);
            let [value, half] = [turning.value.value, half].map(|value| self.fixed(value, decimals));
            let name = self.number(number.origin, &number.name);
            let level = self.style.share(turning.level);
            let rising = self.language.at_least_or_most(turning.rising);
            let value = format!("{value} ± {half}");
            text.push_str(&paragraph(&self.language.turns(&name, &value, [&level, rising])));
        }
        if text.is_empty() {
            return text;
        }
        format!("\n{}{text}", paragraph(&format!("{who}. {}", self.language.sensitivity().turning_title)))
    }

    /// A number at its ends: values, or whether an event happens.
    fn ends(&self, number: &Number) -> [String; 2] {
        let words = self.language.sensitivity();
        match number.origin {
            Origin::Event => [words.no, words.yes].map(str::to_owned),
            Origin::Factor => [words.low, words.high].map(str::to_owned),
            _ => number.ends.map(|value| self.value(value)),
        }
    }

    /// A number in a sentence: its name, and whether it is a factor or an event.
    fn number(&self, origin: Origin, name: &str) -> String {
        let words = self.language.sensitivity();
        match origin {
            Origin::Input => self.bare(name),
            Origin::Factor => format!("{} {}", words.factor, safe(name)),
            Origin::Event => format!("{} {}", words.event, safe(name)),
            Origin::Chance => words.all_chance.to_owned(),
        }
    }

    /// A name in the file, without the id of its contract where no other contract has the same name.
    fn bare(&self, name: &str) -> String {
        let short = |name: &str| name.split_once('.').map_or(name, |(_, name)| name).to_owned();
        let mine = short(name);
        let same = self.study.drivers.iter().filter(|driver| short(&driver.name) == mine).count();
        safe(if same > 1 { name } else { &mine })
    }

    fn party(&self, id: &str) -> String {
        if id == "all" {
            return self.style.text.all_payers().to_owned();
        }
        let named = self.scenario.parties.iter().find(|(known, _)| known.as_str() == id);
        let name = named.map(|(_, party)| safe(&party.name)).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| id.to_owned())
    }

    fn year(&self, year: &str) -> String {
        if year == "total" { self.style.text.total().to_owned() } else { year.to_owned() }
    }

    /// A share and half its interval, in per cent.
    fn with_error(&self, estimate: Estimate) -> [String; 2] {
        let error = half(estimate).map_or_else(String::new, |half| self.style.bound(half));
        [self.share(estimate.value), error]
    }

    /// A share with one decimal; an estimate may lie a little below zero.
    fn share(&self, share: f64) -> String {
        self.style.rate(share)
    }

    /// A value of a number: three significant digits.
    fn value(&self, value: f64) -> String {
        self.fixed(value, decimals(value))
    }

    fn fixed(&self, value: f64, decimals: usize) -> String {
        if decimals == 0 {
            return self.style.units(100.0 * value);
        }
        self.decimal(&format!("{value:.decimals$}"))
    }

    fn decimal(&self, text: &str) -> String {
        text.replace('.', &self.style.text.decimal_mark().to_string())
    }
}

/// Decimals that leave three significant digits; whole numbers from a hundred on.
fn decimals(value: f64) -> usize {
    match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.01 => 3,
        _ => 5,
    }
}

/// Numbers by how much they move the mean payment, then what is earned.
fn order(target: &Target) -> Vec<usize> {
    let size = |swing: &Swing| (swing.mean.value.abs(), swing.earned.value.abs());
    let mut order: Vec<usize> = (0..target.swings.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (size(&target.swings[*a]), size(&target.swings[*b]));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    order.retain(|at| target.swings[*at].earned.value != 0.0 || target.swings[*at].mean.value != 0.0);
    order
}

fn signed(text: String, value: f64) -> String {
    if value > 0.0 && text != "0" { format!("+{text}") } else { text }
}

/// Half the width of an interval.
fn half(estimate: Estimate) -> Option<f64> {
    estimate.interval.map(|(low, high)| (high - low) / 2.0)
}
