//! Contracts written as scenario files, and the twin file that tells the course of each trial.

use std::fmt::Write as _;

use udfald::engine::grid::Flow;

use super::contract::{Cap, Contract, Course, Excess, Limit, Ore, Source, Split, Term};
use crate::support::{counts, model, run_here, total};

fn kroner(ore: Ore) -> String {
    format!("{}.{:02}", ore / 100, ore % 100)
}

impl Contract {
    fn header(&self) -> String {
        let [few, many] = self.people;
        let crowd = if few == many {
            format!("value = {few}")
        } else {
            format!("choice = [{{ value = {few}, chance = 0.5 }}, {{ value = {many}, chance = 0.5 }}]")
        };
        let mut text = format!(
            "udfald = 1\ninvestment = \"made-up\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = {}\n\
             assumed = \"a test\"\n[input]\ncrowd = {{ {crowd} }}\n",
            self.ends
        );
        for coin in 0..2 {
            let choice = "[{ value = 0, chance = 0.5 }, { value = 1, chance = 0.5 }]";
            writeln!(text, "coin{coin} = {{ choice = {choice} }}").unwrap();
        }
        text
    }

    pub fn toml(&self) -> String {
        let mut text = self.header();
        let intakes: Vec<_> =
            self.intakes.iter().map(|(day, share)| format!("{day} = 0.{share:02}")).collect();
        let intakes =
            if intakes.len() == 1 { format!("{} = 1", self.intakes[0].0) } else { intakes.join(", ") };
        writeln!(text, "[cohort]\npeople = \"crowd\"\nintakes = {{ {intakes} }}\n[party]").unwrap();
        for party in &self.parties {
            let booked = if party.books_when_paid { "paid" } else { "due" };
            let (month, day) = party.begins;
            writeln!(
                text,
                "{} = {{ budget_year = \"{month:02}-{day:02}\", booked = \"{booked}\" }}",
                party.id
            )
            .unwrap();
        }
        for term in &self.terms {
            self.term(&mut text, term);
        }
        for limit in &self.limits {
            self.limit(&mut text, limit);
        }
        if self.order_is_said {
            let order: Vec<_> = self.limits.iter().map(|limit| format!("\"{}\"", limit.id)).collect();
            writeln!(text, "[payment]\norder = [{}]", order.join(", ")).unwrap();
        }
        self.fund(&mut text);
        text
    }

    fn term(&self, text: &mut String, term: &Term) {
        let payer =
            |(payer, (n, d)): &(usize, (i64, i64))| format!("{} = \"{n}/{d}\"", self.parties[*payer].id);
        let shares = |split: &Split| {
            let payers: Vec<_> = split.iter().map(payer).collect();
            format!("{{ {} }}", payers.join(", "))
        };
        let splits: Vec<_> = term
            .splits
            .iter()
            .map(|(until, split)| match until {
                Some(until) => format!("{{ until = {until}, shares = {} }}", shares(split)),
                None => format!("{{ shares = {} }}", shares(split)),
            })
            .collect();
        let paid_by = match &term.splits[..] {
            [(None, split)] => shares(split),
            _ => format!("[{}]", splits.join(", ")),
        };
        writeln!(text, "[term.{}]\npaid_by = {paid_by}", term.id).unwrap();
        writeln!(
            text,
            "whole_kroner = {}\npaid = {{ after = \"{} days\" }}",
            term.whole_kroner, term.paid_days
        )
        .unwrap();
        match &term.source {
            Source::Fixed(amounts) => {
                let days: Vec<_> = amounts.iter().map(|(day, _)| day.to_string()).collect();
                let amounts: Vec<_> = amounts.iter().map(|(_, ore)| kroner(*ore)).collect();
                writeln!(text, "due = {{ on = [{}] }}\nprice = [{}]", days.join(", "), amounts.join(", "))
                    .unwrap();
            }
            Source::People { coin, months, price, readings } => {
                let rate = coin.map_or("1".to_owned(), |coin| format!("\"coin{coin}\""));
                let days: Vec<_> = readings.iter().map(|(_, day)| day.to_string()).collect();
                let pooled = if readings.len() < self.intakes.len() { "at the end" } else { "each time" };
                writeln!(
                    text,
                    "of = \"enrolled\"\nat = \"{months} months\"\nrate = {rate}\nmeasured = \"{pooled}\"\n\
                     due = {{ on = [{}] }}\nprice = {}.{:06}",
                    days.join(", "),
                    price / 1_000_000,
                    price % 1_000_000
                )
                .unwrap();
            }
        }
    }

    fn limit(&self, text: &mut String, limit: &Limit) {
        writeln!(text, "[limit.{}]", limit.id).unwrap();
        if limit.terms.len() < self.terms.len() {
            let terms: Vec<_> = limit.terms.iter().map(|t| format!("\"{}\"", self.terms[*t].id)).collect();
            writeln!(text, "terms = [{}]", terms.join(", ")).unwrap();
        }
        if let Some(payer) = limit.payer {
            writeln!(text, "payer = \"{}\"", self.parties[payer].id).unwrap();
        }
        let per = ["payment", "intake", "quarter", "year", "contract"][limit.per as usize];
        let at_most = match &limit.by_year {
            None => kroner(limit.at_most),
            Some(by_year) => {
                let years: Vec<_> =
                    by_year.iter().map(|(year, ore)| format!("{year} = {}", kroner(*ore))).collect();
                format!("{{ {} }}", years.join(", "))
            }
        };
        let excess = match &limit.excess {
            Excess::Lost => "\"lost\"".to_owned(),
            Excess::Rolls => "\"rolls\"".to_owned(),
            Excess::FallsOn(payer) => format!("{{ payer = \"{}\" }}", self.parties[*payer].id),
        };
        writeln!(text, "per = \"{per}\"\nat_most = {at_most}\nexcess = {excess}").unwrap();
    }

    fn fund(&self, text: &mut String) {
        let sum: Ore = self.drawn.iter().map(|(_, ore)| ore).sum();
        let investor = &self.parties.last().unwrap().id;
        writeln!(text, "[fund.money]\nparty = \"{investor}\"\namount = {}", kroner(sum)).unwrap();
        let drawn: Vec<_> = self.drawn.iter().map(|(day, ore)| format!("{day} = \"{ore}/{sum}\"")).collect();
        writeln!(text, "drawn = {{ {} }}", drawn.join(", ")).unwrap();
        match self.cap {
            None => {}
            Some(Cap::Amount(ore)) => writeln!(text, "return_cap = {}", kroner(ore)).unwrap(),
            Some(Cap::Multiple(h)) => {
                writeln!(text, "return_cap = {{ multiple = {}.{:02} }}", h / 100, h % 100).unwrap();
            }
            Some(Cap::Balance(r)) => writeln!(text, "return_cap = {{ balance = 0.{r:03} }}").unwrap(),
            Some(Cap::Simple(r)) => writeln!(text, "return_cap = {{ simple = 0.{r:03} }}").unwrap(),
            Some(Cap::Average(r)) => writeln!(text, "return_cap = {{ average = 0.{r:03} }}").unwrap(),
        }
    }

    /// The same names without limits: its total tells the course of each trial.
    fn probe(&self) -> String {
        let mut text = self.header();
        text.push_str("[cohort]\npeople = \"crowd\"\nintakes = { 2026-01-01 = 1 }\n[party]\nprobe = {}\n");
        for (name, rate, price) in [("a", "1", 1), ("b", "\"coin0\"", 1_000), ("c", "\"coin1\"", 1_000_000)] {
            write!(
                text,
                "[term.{name}]\nof = \"enrolled\"\nat = \"3 months\"\nrate = {rate}\nprice = {price}\n\
                 paid_by = \"probe\"\n"
            )
            .unwrap();
        }
        text
    }

    /// How often each course occurs.
    pub fn courses(&self, trials: u64, seed: u64) -> Vec<(Course, u64)> {
        let probe = model(&self.probe());
        let results = run_here(&probe, trials, seed);
        let decode = |(ore, count): (i64, u64)| {
            let kroner = ore / 100;
            let people = kroner % 1_000;
            let coins = [kroner / 1_000 % 1_000 > 0, kroner / 1_000_000 > 0];
            (Course { people, coins }, count)
        };
        counts(&total(&results, "probe", Flow::Payment)).into_iter().map(decode).collect()
    }
}
