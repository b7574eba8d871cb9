//! What moves the payments: a split in plain words, a tornado, indices, and a sentence for what matters most.

use super::{Item, Number as Behind, Piece, Table, named};
use crate::estimate::sobol::Indices;
use crate::measure::Estimate;
use crate::report::html::{Bars, tornado};
use crate::report::terminal::{safe, study};
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
    detail: Detail,
}

/// The text of a study, ending in a line break; of one payer when `party` names it.
#[must_use]
pub fn sensitivity(
    scenario: &Scenario,
    found: &Sensitivity,
    party: Option<&str>,
    language: Language,
) -> String {
    study(&pieces(scenario, found, party, language, Detail::Terminal))
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Tables where there is one payer.
    Terminal,
    /// Pictures, with the tornado of each payer behind them.
    Brief,
    /// With the tornado of each payer.
    Tables,
    /// With Sobol indices.
    Full,
}

/// What a study says.
pub(crate) fn pieces(
    scenario: &Scenario,
    study: &Sensitivity,
    party: Option<&str>,
    language: Language,
    detail: Detail,
) -> Vec<Piece> {
    let style = Style { text: language.text(), thousands: false };
    let page = Page { scenario, study, language, style, detail };
    let parties = page.parties(party);
    let words = language.sensitivity();
    if parties.is_empty() {
        return vec![Piece::Paragraph(words.nothing.to_owned())];
    }
    let mut pieces = vec![Piece::Section(language.study().why())];
    page.splits(&parties, &mut pieces);
    for party in &parties {
        pieces.push(Piece::Gap);
        page.section(party, parties.len() == 1, &mut pieces);
    }
    if detail == Detail::Brief {
        page.behind(&parties, &mut pieces);
    }
    page.noise(&mut pieces);
    pieces.push(Piece::Gap);
    if detail == Detail::Terminal && parties.len() > 1 {
        pieces.push(Piece::Paragraph(words.more.to_owned()));
    }
    let trials = style.count(study.settings.trials);
    let settings = study.settings;
    let ran = Ran { trials: &trials, seed: settings.seed, sampler: settings.chance.name() };
    pieces.push(Piece::Paragraph(style.text.ran(ran)));
    pieces
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

    fn splits(&self, parties: &[String], pieces: &mut Vec<Piece>) {
        let words = self.language.sensitivity();
        let header = [words.payer, words.year, words.chance, "±", words.shock, "±", words.ignorance, "±"];
        let mut table = Table::new(2, header.map(str::to_owned).to_vec());
        for party in parties {
            let mut name = self.party(party);
            for target in self.study.targets.iter().filter(|target| target.names[1] == *party) {
                let Some(split) = target.split[0] else { continue };
                let shares = [split.chance, split.shock, split.ignorance];
                let year = self.year(&target.names[2]);
                let mut row: Vec<Item> = vec![std::mem::take(&mut name).into(), year.into()];
                shares.iter().for_each(|share| row.extend(self.items_with_error(*share)));
                table.rows.push(row);
            }
        }
        let brief = self.detail == Detail::Brief;
        if !brief {
            pieces.push(Piece::Title(words.split_title.to_owned()));
            pieces.push(Piece::Table(table));
        }
        for party in parties {
            let Some(target) = self.study.target(party, "total") else { continue };
            let Some(split) = target.split[0] else { continue };
            let shares = [split.chance, split.shock, split.ignorance].map(|share| self.share(share.value));
            let [chance, shock, ignorance] = &shares;
            let payer = self.party(party);
            let sentence = self.language.split_in_words(&payer, [chance, shock, ignorance]);
            pieces.push(Piece::Paragraph(sentence));
        }
        if !brief {
            pieces.push(Piece::Paragraph(words.split_legend.to_owned()));
        }
    }

    /// What is paid for noise, a sentence for each term that is measured with some.
    fn noise(&self, pieces: &mut Vec<Piece>) {
        let terms = &self.study.noise.terms;
        if terms.is_empty() {
            return;
        }
        let currency = self.currency(false);
        let money = |amount: Estimate| format!("{}\u{a0}{currency}", self.style.units(amount.value));
        pieces.push(Piece::Gap);
        pieces.push(Piece::Title(self.language.sensitivity().noise_title.to_owned()));
        for term in terms {
            let name = safe(&format!("{}.{}", term.investment, term.term));
            let shares = [term.no_effect, term.earned_anyway, term.missed];
            let shares = shares.map(|share| self.style.share(share.value));
            let amounts = [term.amount_anyway, term.amount_missed].map(money);
            pieces.push(Piece::Paragraph(self.language.pays_for_noise(&name, &shares, &amounts)));
        }
    }

    fn section(&self, party: &str, alone: bool, pieces: &mut Vec<Piece>) {
        let Some(target) = self.study.target(party, "total") else { return };
        let order = order(target);
        let words = self.language.sensitivity();
        let who = format!("{}, {}", self.party(party), self.style.text.total());
        let [tornado, indices] = match self.detail {
            Detail::Terminal => [alone; 2],
            Detail::Brief => [false; 2],
            Detail::Tables => [true, false],
            Detail::Full => [true; 2],
        };
        if self.detail != Detail::Brief {
            pieces.push(Piece::Section(self.party(party)));
        }
        pieces.push(Piece::Picture(Box::new(self.picture(target, &order))));
        if self.detail == Detail::Brief {
            return;
        }
        if tornado {
            pieces.push(Piece::Title(format!("{who}. {} {}", words.tornado_title, self.currency(true))));
            pieces.push(Piece::Table(self.tornado(target, &order)));
            pieces.extend([Piece::Paragraph(words.tornado_legend.to_owned()), Piece::Gap]);
        }
        if indices {
            pieces.push(Piece::Title(format!("{who}. {}", words.indices_title)));
            self.indices(target, pieces);
            pieces.extend([Piece::Paragraph(words.indices_legend.to_owned()), Piece::Gap]);
        }
        pieces.push(Piece::Title(format!("{who}. {} {}", words.top_title, self.currency(false))));
        let sentence = |number: &usize| self.sentence(target, *number, &self.party(party));
        pieces.push(Piece::Ranked(order.iter().take(MOST_SENTENCES).map(sentence).collect()));
        self.turning(target, &who, pieces);
    }

    /// The figures behind pictures.
    fn behind(&self, parties: &[String], pieces: &mut Vec<Piece>) {
        let words = self.language.sensitivity();
        for party in parties {
            let Some(target) = self.study.target(party, "total") else { continue };
            let who = format!("{}, {}", self.party(party), self.style.text.total());
            pieces.push(Piece::Title(format!("{who}. {} {}", words.tornado_title, self.currency(true))));
            pieces.push(Piece::Table(self.tornado(target, &order(target))));
        }
        pieces.push(Piece::Paragraph(words.tornado_legend.to_owned()));
    }

    /// The strongest numbers as a picture: the average payment with each at its low and its high end.
    fn picture(&self, target: &Target, order: &[usize]) -> Bars {
        let rows = order.iter().take(MOST_SENTENCES).map(|at| {
            let (number, [low, high]) = (&self.study.numbers[*at], target.swings[*at].ends);
            let name = self.number(number.origin, &number.name);
            (name, self.ends(number), [low.mean, high.mean])
        });
        let currency = &self.scenario.currency;
        tornado(
            self.language,
            (&target.names[1], &self.party(&target.names[1])),
            (&currency.code, currency.price_level),
            target.figures.mean.value,
            rows.collect(),
        )
    }

    fn currency(&self, thousands: bool) -> String {
        let currency = &self.scenario.currency;
        self.style.text.currency(&currency.code, thousands, currency.price_level)
    }

    fn tornado(&self, target: &Target, order: &[usize]) -> Table {
        let words = self.language.sensitivity();
        let header =
            [words.number, words.ends, words.mean, words.swing, "±", "P50", "P90", words.earned, words.cut];
        let mut table = Table::new(1, header.map(str::to_owned).to_vec());
        let thousand = Style { thousands: true, ..self.style };
        let more = |estimate: Estimate| {
            Item::of(
                signed(thousand.amount(estimate.value), estimate.value),
                Behind::Thousands(estimate.value),
            )
        };
        for at in order.iter().take(MOST_NUMBERS) {
            let (number, swing) = (&self.study.numbers[*at], target.swings[*at]);
            let [low, high] = swing.ends;
            let error = swing.mean.half_width().map(|half| (half / 100_000.0).ceil() * 100_000.0);
            table.rows.push(vec![
                self.bare(&number.name).into(),
                self.ends(number).join(TO).into(),
                [low.mean, high.mean].map(|ore| thousand.amount(ore)).join(TO).into(),
                more(swing.mean),
                error.map_or_else(
                    || String::new().into(),
                    |error| Item::of(thousand.amount(error), Behind::Thousands(error)),
                ),
                more(swing.p50),
                more(swing.p90),
                more(swing.earned),
                [low.cut, high.cut].map(|share| self.style.share(share)).join(TO).into(),
            ]);
        }
        table
    }

    fn indices(&self, target: &Target, pieces: &mut Vec<Piece>) {
        let words = self.language.sensitivity();
        let header = [words.source, words.alone, "±", words.in_all, "±", words.rank, "±"];
        let mut table = Table::new(1, header.map(str::to_owned).to_vec());
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
            let mut row: Vec<Item> = vec![name.into()];
            row.extend(self.items_with_error(found.first));
            row.extend(self.items_with_error(found.total));
            row.extend(self.rank(target, driver));
            table.rows.push(row);
        }
        for (group, indices) in self.study.groups.iter().zip(&target.groups) {
            let Some(found) = indices[0] else { continue };
            let mut row: Vec<Item> = vec![format!("{} {}", safe(&group.name), words.together).into()];
            row.extend(self.items_with_error(found.first));
            row.extend(self.items_with_error(found.total));
            row.extend([String::new().into(), String::new().into()]);
            table.rows.push(row);
        }
        pieces.push(Piece::Table(table));
        if left_out > 0 {
            pieces.push(Piece::Paragraph(self.language.others_below(left_out, &self.share(LEAST_SHARE))));
        }
    }

    fn rank(&self, target: &Target, driver: &Driver) -> [Item; 2] {
        let same = |number: &Number| number.origin == driver.origin && number.name == driver.name;
        let at = self.study.numbers.iter().position(same);
        let Some(rank) = at.and_then(|at| target.ranks[at][0]) else {
            return [String::new().into(), String::new().into()];
        };
        let plain = |value: f64| Item::of(self.decimal(&format!("{value:.2}")), Behind::Plain(value));
        [plain(rank.value), rank.half_width().map_or_else(|| String::new().into(), plain)]
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
        let error = swing.mean.half_width().unwrap_or(f64::NAN);
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

    fn turning(&self, target: &Target, who: &str, pieces: &mut Vec<Piece>) {
        let mut found = Vec::new();
        for (at, (number, turning)) in self.study.numbers.iter().zip(&target.turning).enumerate() {
            // A number that hardly moves the cuts is no answer.
            let moves = target.swings[at].cut.value.abs() >= LEAST_MOVE;
            let Some((turning, half)) =
                turning.and_then(|t| Some((t, t.value.half_width()?))).filter(|_| moves)
            else {
                continue;
            };
            let decimals = decimals(turning.value.value);
            let [value, half] = [turning.value.value, half].map(|value| self.fixed(value, decimals));
            let name = self.number(number.origin, &number.name);
            let level = self.style.share(turning.level);
            let rising = self.language.at_least_or_most(turning.rising);
            let value = format!("{value} ± {half}");
            found.push(Piece::Paragraph(self.language.turns(&name, &value, [&level, rising])));
        }
        if !found.is_empty() {
            pieces.push(Piece::Gap);
            pieces.push(Piece::Title(format!("{who}. {}", self.language.sensitivity().turning_title)));
            pieces.extend(found);
        }
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
            Origin::Correlation => format!("{} {}", words.correlation, self.bare(name)),
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
        let found = self.scenario.parties.iter().find(|(known, _)| known.as_str() == id);
        let name = found.map(|(_, party)| named(&party.name)).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| id.to_owned())
    }

    fn year(&self, year: &str) -> String {
        if year == "total" { self.style.text.total().to_owned() } else { year.to_owned() }
    }

    /// A share and half its interval, in per cent.
    fn with_error(&self, estimate: Estimate) -> [String; 2] {
        let error = estimate.half_width().map_or_else(String::new, |half| self.style.bound(half));
        [self.share(estimate.value), error]
    }

    /// A share and half its interval, with the numbers behind them.
    fn items_with_error(&self, estimate: Estimate) -> [Item; 2] {
        let [share, error] = self.with_error(estimate);
        let error = match estimate.half_width() {
            Some(half) => Item::of(error, Behind::Share(half)),
            None => error.into(),
        };
        [Item::of(share, Behind::Share(estimate.value)), error]
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
