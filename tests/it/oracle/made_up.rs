//! Small contracts made up from a seed, as scenario files.

use std::fmt::Write as _;

pub use crate::support::Words;

impl Words {
    fn some_of(&mut self, of: &[String]) -> Vec<String> {
        let mut found: Vec<_> = of.iter().filter(|_| self.one_in(2)).cloned().collect();
        if found.is_empty() {
            found.push(self.pick(of));
        }
        found
    }
}

const PAYERS: [&str; 3] = ["alpha", "beta", "gamma"];

/// A contract in the making.
struct Draft<'w> {
    words: &'w mut Words,
    text: String,
    inputs: String,
    outcomes: Vec<String>,
    terms: Vec<String>,
    payers: usize,
    intakes: usize,
}

/// A contract of at most 18 people, three terms, three payers and three limits. Some are refused by the program, for
/// example because two limits go round in a circle; who asks takes the next.
pub fn contract(words: &mut Words) -> String {
    let (payers, intakes) = (words.between(1, 3) as usize, words.between(1, 3) as usize);
    let mut draft = Draft {
        words,
        text: String::new(),
        inputs: String::new(),
        outcomes: Vec::new(),
        terms: Vec::new(),
        payers,
        intakes,
    };
    draft.people();
    for index in 0..draft.words.between(1, 2) {
        draft.outcome(index);
    }
    for index in 0..draft.words.between(1, 3) {
        draft.term(index);
    }
    draft.limits();
    draft.fund();
    draft.whole()
}

impl Draft<'_> {
    fn people(&mut self) {
        let low = self.words.between(2, 8);
        let high = low + self.words.between(2, 10);
        let loads = if self.words.one_in(2) { ", loads = { market = 0.5 }" } else { "" };
        let crowd = match self.words.between(1, 6) {
            1 => format!("uniform = {{ low = {low}, high = {high} }}{loads}"),
            2 => format!("triangular = {{ low = {low}, mode = {}, high = {high} }}{loads}", low + 1),
            3 => format!(
                "choice = [{{ value = {low}, chance = 0.3 }}, {{ value = {high}, chance = 0.7 }}]{loads}"
            ),
            _ => {
                writeln!(self.text, "[cohort]\npeople = {high}").unwrap();
                return self.intakes();
            }
        };
        writeln!(self.inputs, "crowd = {{ {crowd} }}").unwrap();
        writeln!(self.text, "[cohort]\npeople = \"crowd\"").unwrap();
        self.intakes();
    }

    fn intakes(&mut self) {
        let intakes = [
            "2026-01-01 = 1",
            "2026-01-01 = 0.45, 2026-09-01 = 0.55",
            "2026-01-01 = \"1/3\", 2026-09-01 = \"1/3\", 2027-02-01 = \"rest\"",
        ];
        writeln!(self.text, "intakes = {{ {} }}", intakes[self.intakes - 1]).unwrap();
    }

    /// A rate: a number, or an uncertain one of some kind.
    fn rate(&mut self, name: &str) -> String {
        let shift = if self.words.one_in(4) { ", shifts = { reform = { logit = -0.8 } }" } else { "" };
        let loads = if self.words.one_in(4) { ", loads = { market = 0.6 }" } else { "" };
        let (a, b) = (self.words.between(2, 9), self.words.between(2, 9));
        let law = match self.words.between(1, 10) {
            1 | 2 => return format!("0.{}", self.words.between(1, 9)),
            3 => return "1".to_owned(),
            4 => "uniform = { low = 0.2, high = 0.9 }".to_owned(),
            5 => "triangular = { low = 0.1, mode = 0.3, high = 0.9 }".to_owned(),
            6 => "range = { low = 0.2, mid = 0.4, high = 0.7 }".to_owned(),
            7 => "choice = [{ value = 0.2, chance = 0.4 }, { value = 0.6, chance = 0.6 }]".to_owned(),
            _ => format!("beta = {{ a = {a}, b = {b} }}"),
        };
        let each = if loads.is_empty() && self.words.one_in(8) { ", drawn = \"each intake\"" } else { "" };
        writeln!(self.inputs, "{name} = {{ {law}{loads}{shift}{each} }}").unwrap();
        format!("\"{name}\"")
    }

    fn outcome(&mut self, index: i64) {
        let name = format!("goal{index}");
        if self.words.one_in(8) {
            let level = if self.words.one_in(2) {
                "0.1".to_owned()
            } else {
                writeln!(self.inputs, "effect{index} = {{ normal = {{ mean = 0.1, sd = 0.1 }} }}").unwrap();
                format!("\"effect{index}\"")
            };
            writeln!(
                self.text,
                "[outcome.{name}]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = {level}\nnoise = {{ sd = 0.5, matched = 5 }}"
            )
            .unwrap();
            self.outcomes.push(format!("level {name}"));
            return;
        }
        let rate = self.rate(&format!("rate{index}"));
        let first = self.outcomes.first().filter(|first| first.starts_with("goal")).cloned();
        let of = first.filter(|_| self.words.one_in(2)).unwrap_or_else(|| "enrolled".to_owned());
        let at = if of == "enrolled" && index == 0 && self.words.one_in(4) {
            "[\"3 months\", \"6 months\"]"
        } else if of == "enrolled" {
            "\"3 months\""
        } else {
            "\"6 months\""
        };
        let chained = of != "enrolled" && self.text.contains("[\"3 months\", \"6 months\"]");
        let (of, at) = if chained { ("enrolled".to_owned(), "\"6 months\"") } else { (of, at) };
        writeln!(self.text, "[outcome.{name}]\nof = \"{of}\"\nat = {at}\nrate = {rate}").unwrap();
        self.outcomes.push(name);
    }

    fn paid_by(&mut self) -> String {
        let payers = &PAYERS[..self.payers];
        let ids: Vec<String> = payers.iter().map(|id| (*id).to_owned()).collect();
        let ids = self.words.some_of(&ids);
        match &ids[..] {
            [one] => format!("\"{one}\""),
            [a, b] => {
                let share = self.words.pick(&["\"1/3\"", "0.5", "0.37"]);
                format!("{{ {a} = {share}, {b} = \"rest\" }}")
            }
            _ => "{ alpha = \"1/7\", beta = \"2/7\", gamma = \"rest\" }".to_owned(),
        }
    }

    fn term(&mut self, index: i64) {
        let id = format!("t{index}");
        let paid_by = self.paid_by();
        writeln!(self.text, "[term.{id}]\npaid_by = {paid_by}").unwrap();
        self.terms.push(id);
        if index > 0 && self.words.one_in(4) {
            let amount = self.words.between(1, 9_999_999) as f64 / 100.0;
            writeln!(self.text, "price = {amount}\ndue = {{ on = 2027-03-31 }}").unwrap();
            return;
        }
        let outcome = self.words.pick(&self.outcomes.clone());
        if let Some(level) = outcome.strip_prefix("level ") {
            writeln!(
                self.text,
                "for = \"{level}\"\nmeasured = \"each intake\"\n\
                 price = [{{ from = 0.05, pay = 20_000 }}, {{ above = 0.2, pay = 50_000 }}]"
            )
            .unwrap();
        } else {
            let each = self.words.pick(&[1_000.0, 12_500.0, 3_333.33, 999.123_4]);
            let rows = self.words.pick(&[
                "[{ from = 2, pay = 10_000 }, { from = 4, pay = 25_000 }]",
                "[{ from = 1, each = 7_000 }, { from = 5 }]",
                "[{ above = 2, pay = 5_000, rise_to = 40_000 }, { from = 9, pay = 45_000 }]",
            ]);
            let (price, pooled) = match self.words.between(1, 4) {
                1 => (rows.to_owned(), "\nmeasured = \"at the end\""),
                2 => (rows.to_owned(), "\nmeasured = \"each time\""),
                _ => (format!("{each}"), ""),
            };
            writeln!(self.text, "for = \"{outcome}\"\nprice = {price}{pooled}").unwrap();
        }
        if self.words.one_in(3) {
            writeln!(self.text, "due = {{ after = \"4 months\" }}").unwrap();
        }
        if self.words.one_in(5) {
            writeln!(self.text, "whole_kroner = true").unwrap();
        }
        if self.words.one_in(4) {
            writeln!(self.text, "paid = {{ after = \"90 days\" }}").unwrap();
        }
    }

    fn limits(&mut self) {
        let count = self.words.between(0, 3);
        for index in 0..count {
            writeln!(self.text, "[limit.l{index}]").unwrap();
            if self.words.one_in(3) {
                let terms = self.words.some_of(&self.terms.clone());
                writeln!(self.text, "terms = [\"{}\"]", terms.join("\", \"")).unwrap();
            }
            let payer =
                (!self.words.one_in(3)).then(|| self.words.between(0, self.payers as i64 - 1) as usize);
            if let Some(payer) = payer {
                writeln!(self.text, "payer = \"{}\"", PAYERS[payer]).unwrap();
            }
            let per = self.words.pick(&["payment", "intake", "quarter", "year", "contract", "contract"]);
            let receivers = payer.map_or(0..self.payers, |payer| payer + 1..self.payers);
            let excess = match self.words.between(1, 6) {
                1 | 2 => "\"rolls\"".to_owned(),
                3 | 4 if !receivers.is_empty() => {
                    let receiver = self.words.between(receivers.start as i64, receivers.end as i64 - 1);
                    format!("{{ payer = \"{}\" }}", PAYERS[receiver as usize])
                }
                _ => "\"lost\"".to_owned(),
            };
            let amount = self.words.between(200_000, 6_000_000) as f64 / 100.0;
            let at_most = if per == "year" && self.words.one_in(3) {
                format!("{{ 2026 = {amount}, 2027 = {} }}", self.words.between(0, 50_000))
            } else {
                format!("{amount}")
            };
            writeln!(self.text, "per = \"{per}\"\nat_most = {at_most}\nexcess = {excess}").unwrap();
        }
        if count > 1 {
            let first = self.words.between(0, count - 1);
            let order: Vec<_> = (0..count).map(|k| format!("\"l{}\"", (k + first) % count)).collect();
            writeln!(self.text, "[payment]\norder = [{}]", order.join(", ")).unwrap();
        }
    }

    fn fund(&mut self) {
        let amount = self.words.between(10_000, 90_000);
        let drawn = self.words.pick(&["", "drawn = { 2026-01-01 = 0.5, 2026-07-01 = 0.5 }\n"]);
        write!(self.text, "[fund.loan]\nparty = \"investor\"\namount = {amount}\n{drawn}").unwrap();
        let cap = match self.words.between(1, 8) {
            1 => format!("{}", amount / 2),
            2 => "{ multiple = 1.25 }".to_owned(),
            3 => "{ balance = 0.08 }".to_owned(),
            4 => "{ average = 0.05 }".to_owned(),
            _ => return,
        };
        writeln!(self.text, "return_cap = {cap}").unwrap();
    }

    fn whole(self) -> String {
        let mut text = String::from(
            "udfald = 1\ninvestment = \"made-up\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2028-06-30\n\
             assumed = \"a test\"\n[party]\ninvestor = {}\n",
        );
        let years = ["", "budget_year = \"04-01\"", "budget_year = \"07-01\", booked = \"paid\""];
        for (index, payer) in PAYERS[..self.payers].iter().enumerate() {
            let year = years[if self.words.one_in(2) { 0 } else { index }];
            writeln!(text, "{payer} = {{ {year} }}").unwrap();
        }
        if (self.inputs.clone() + &self.text).contains("market") {
            text.push_str("[factor]\nmarket = {}\n");
        }
        if self.inputs.contains("reform") {
            let loads = if self.inputs.contains("market") { "\nloads = { market = -0.4 }" } else { "" };
            write!(text, "[event.reform]\nchance = 0.3\non = 2026-05-01{loads}\n").unwrap();
        }
        if !self.inputs.is_empty() {
            write!(text, "[input]\n{}", self.inputs).unwrap();
        }
        text + &self.text
    }
}
