//! Contracts written as scenario files, and the twin file that tells the course of each trial.

use std::fmt::Write as _;

use jiff::civil::Date;
use udfald::engine::grid::Flow;

use super::contract::{Cap, Contract, Course, Excess, Limit, Moving, Ore, Source, Split, Term, To};
use crate::support::{counts, model, run_here, total};

fn kroner(ore: Ore) -> String {
    let sign = if ore < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", ore.abs() / 100, ore.abs() % 100)
}

/// A promise in words; not an amount, which has none.
fn promise(cap: Cap) -> String {
    match cap {
        Cap::Amount(_) => unreachable!("an amount stands alone"),
        Cap::Multiple(h) => format!("multiple = {}.{:02}", h / 100, h % 100),
        Cap::Balance(r) => format!("balance = 0.{r:03}"),
        Cap::Simple(r) => format!("simple = 0.{r:03}"),
        Cap::Average(r) => format!("average = 0.{r:03}"),
    }
}

fn one_fund(text: &mut String, id: &str, party: &str, drawn: &[(Date, Ore)], cap: Option<Cap>) {
    let sum: Ore = drawn.iter().map(|(_, ore)| ore).sum();
    writeln!(text, "[fund.{id}]\nparty = \"{party}\"\namount = {}", kroner(sum)).unwrap();
    let drawn: Vec<_> = drawn.iter().map(|(day, ore)| format!("{day} = \"{ore}/{sum}\"")).collect();
    writeln!(text, "drawn = {{ {} }}", drawn.join(", ")).unwrap();
    match cap {
        None => {}
        Some(Cap::Amount(ore)) => writeln!(text, "return_cap = {}", kroner(ore)).unwrap(),
        Some(cap) => writeln!(text, "return_cap = {{ {} }}", promise(cap)).unwrap(),
    }
}

impl Contract {
    /// The keys at the top of the file.
    fn top(&self) -> String {
        format!(
            "udfald = 1\ninvestment = \"made-up\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = {}\n\
             assumed = \"a test\"\n",
            self.ends
        )
    }

    /// Chance as a number of coins.
    fn coins(&self) -> String {
        let [few, many] = self.people;
        let crowd = if few == many {
            format!("value = {few}")
        } else {
            format!("choice = [{{ value = {few}, chance = 0.5 }}, {{ value = {many}, chance = 0.5 }}]")
        };
        let mut text = format!("[input]\ncrowd = {{ {crowd} }}\n");
        for coin in 0..2 {
            let choice = "[{ value = 0, chance = 0.5 }, { value = 1, chance = 0.5 }]";
            writeln!(text, "coin{coin} = {{ choice = {choice} }}").unwrap();
        }
        text
    }

    pub fn toml(&self) -> String {
        self.toml_with(&self.coins())
    }

    /// The file with other inputs, among which are `crowd`, `coin0` and `coin1`.
    pub fn toml_with(&self, inputs: &str) -> String {
        let mut text = self.top() + inputs;
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
        match term.to {
            None => {}
            Some(To::Provider) => text.push_str("to = \"provider\"\n"),
            Some(To::Fund(fund)) => writeln!(text, "to = \"{}\"", ["money", "second"][fund]).unwrap(),
        }
        writeln!(
            text,
            "two_sided = {}\nwhole_kroner = {}\npaid = {{ after = \"{} days\" }}",
            term.two_sided, term.whole_kroner, term.paid_days
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
                     due = {{ on = [{}] }}\nprice = {}{}.{:06}",
                    days.join(", "),
                    if *price < 0 { "-" } else { "" },
                    price.abs() / 1_000_000,
                    price.abs() % 1_000_000
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
        let at_most = match (&limit.by_year, &limit.moving) {
            (None, None) => kroner(limit.at_most),
            (_, Some(Moving::Due(cap))) => format!("{{ fund = \"money\", {} }}", promise(*cap)),
            (_, Some(Moving::Share((n, d), of))) => {
                let terms: Vec<_> = of.iter().map(|t| format!("\"{}\"", self.terms[*t].id)).collect();
                let all = of.len() == self.terms.len();
                let of = if all { "\"total\"".to_owned() } else { format!("[{}]", terms.join(", ")) };
                format!("{{ share = \"{n}/{d}\", of = {of} }}")
            }
            (Some(by_year), None) => {
                let years: Vec<_> =
                    by_year.iter().map(|(year, ore)| format!("{year} = {}", kroner(*ore))).collect();
                format!("{{ {} }}", years.join(", "))
            }
        };
        let excess = match &limit.excess {
            Excess::Lost => "\"lost\"".to_owned(),
            Excess::Rolls => "\"rolls\"".to_owned(),
            Excess::Passes((n, d)) => format!("{{ pass = \"{n}/{d}\" }}"),
            Excess::FallsOn(payer) => format!("{{ payer = \"{}\" }}", self.parties[*payer].id),
        };
        writeln!(text, "per = \"{per}\"").unwrap();
        if !limit.open {
            writeln!(text, "at_most = {at_most}\nexcess = {excess}").unwrap();
        }
        if let Some(least) = limit.at_least {
            writeln!(text, "at_least = {}", kroner(least)).unwrap();
        }
    }

    fn fund(&self, text: &mut String) {
        one_fund(text, "money", "investor", &self.drawn, self.cap);
        if self.returns_surplus {
            text.push_str("surplus = \"returned\"\n");
        }
        if let Some((cap, up_to)) = self.guarantee {
            let what = match cap {
                Cap::Amount(ore) => format!("amount = {}", kroner(ore)),
                cap => promise(cap),
            };
            let up_to = up_to.map_or(String::new(), |ore| format!(", up_to = {}", kroner(ore)));
            writeln!(text, "guarantee = {{ {what}, by = \"{}\"{up_to} }}", self.parties[0].id).unwrap();
        }
        if let Some(second) = &self.second {
            one_fund(text, "second", "junior", &second.drawn, second.cap);
            writeln!(text, "rank = {}", second.rank).unwrap();
        }
    }

    /// The same names without limits: its total tells the course of each trial.
    fn probe(&self) -> String {
        let mut text = self.top() + &self.coins();
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
