//! Uncertain numbers of every kind, made up from a seed, as they stand in a file.

use std::fmt::Write as _;

use crate::support::Words;

/// How an input hangs together with others: alone, by a factor, or by a correlation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Company {
    Alone,
    Factor,
    Correlation,
}

/// The tables `input`, `factor`, `event` and `correlation` of a contract: `crowd` people, the rates `coin0` and `coin1`, an
/// `effect` and a `spread`.
pub fn inputs(words: &mut Words) -> String {
    let (reform, market) = (words.one_in(2), words.one_in(2));
    let mut text = String::new();
    if market {
        writeln!(text, "[factor]\nmarket = {{ {} }}", words.pick(&["", "class = \"shock\""])).unwrap();
    }
    if reform {
        reform_of(words, market, &mut text);
    }
    if words.one_in(6) {
        let stops = words.pick(&["enrolment", "measuring", "contract"]);
        let day = words.pick(&["2026-09-01", "2027-06-30", "2028-01-01"]);
        writeln!(text, "[event.closes]\nchance = 0.2\non = {day}\nstops = \"{stops}\"").unwrap();
    }
    let mut together = Vec::new();
    text.push_str("[input]\n");
    let (people, effect) = (people(words), level(words));
    let rates = [rate(words), rate(words)];
    for (name, law) in
        [("crowd", people), ("coin0", rates[0].clone()), ("coin1", rates[1].clone()), ("effect", effect)]
    {
        let company =
            words.pick(&[Company::Alone, Company::Factor, Company::Correlation, Company::Correlation]);
        let varies = !law.starts_with("value");
        let mut more = String::new();
        match company {
            Company::Factor if varies && market => {
                write!(more, ", loads = {{ market = {} }}", words.pick(&["0.6", "-0.4", "1"])).unwrap();
            }
            Company::Correlation if varies => together.push(name),
            _ if varies && name != "crowd" && words.one_in(8) => more.push_str(", drawn = \"each intake\""),
            _ => {}
        }
        if reform && name != "crowd" && words.one_in(2) {
            write!(more, ", shifts = {{ reform = {{ {} }} }}", shift(words, name)).unwrap();
        }
        writeln!(text, "{name} = {{ {law}{more} }}").unwrap();
    }
    writeln!(
        text,
        "spread = {{ {} }}",
        words.pick(&["value = 0.5", "lognormal = { median = 0.7, factor = 1.3 }"])
    )
    .unwrap();
    if together.len() > 1 {
        correlation(words, &together, &mut text);
    }
    text
}

fn reform_of(words: &mut Words, market: bool, text: &mut String) {
    let day = words.pick(&["2026-05-01", "2026-12-31", "2027-07-01"]);
    writeln!(text, "[event.reform]\nchance = 0.{}\non = {day}", words.between(1, 9)).unwrap();
    if words.one_in(3) {
        writeln!(text, "onset = \"{}\"", words.pick(&["8 weeks", "6 months"])).unwrap();
    }
    if words.one_in(3) {
        writeln!(text, "until = {}", words.pick(&["2028-02-29", "2028-12-31"])).unwrap();
    }
    if words.one_in(3) {
        writeln!(text, "recovery = \"{}\"", words.pick(&["12 months", "30 days"])).unwrap();
    }
    if market && words.one_in(2) {
        text.push_str("loads = { market = -0.3 }\n");
    }
}

fn shift(words: &mut Words, of: &str) -> String {
    let exposure = words.pick(&["", "", ", exposure = \"day\"", ", intakes = [2026-01-01]"]);
    let how = match words.between(1, 4) {
        1 if of != "effect" => "logit = -0.8",
        2 => "becomes = 0",
        3 if of == "effect" => "plus = -0.05",
        _ => "times = 0.7",
    };
    format!("{how}{exposure}")
}

fn correlation(words: &mut Words, between: &[&str], text: &mut String) {
    writeln!(text, "[correlation.together]\nbetween = [\"{}\"]", between.join("\", \"")).unwrap();
    if words.one_in(3) {
        writeln!(text, "copula = {{ t = {} }}", words.between(2, 12)).unwrap();
    }
    if words.one_in(2) {
        writeln!(text, "rank = {}", words.pick(&["0.8", "0.3", "0", "-0.2", "-0.7", "1"])).unwrap();
        return;
    }
    text.push_str("[correlation.together.rank]\n");
    for (index, name) in between.iter().enumerate().take(between.len() - 1) {
        let pairs: Vec<_> = between[index + 1..]
            .iter()
            .map(|other| format!("{other} = {}", words.pick(&["0.9", "0.5", "0", "-0.5", "-0.9"])))
            .collect();
        writeln!(text, "{name} = {{ {} }}", pairs.join(", ")).unwrap();
    }
}

/// Three different numbers from 0.01 to 0.99, ascending.
fn three(words: &mut Words) -> [f64; 3] {
    let low = words.between(1, 40);
    let mid = low + words.between(1, 28);
    [low, mid, mid + words.between(1, 99 - mid)].map(|percent| percent as f64 / 100.0)
}

fn rate(words: &mut Words) -> String {
    let [low, mid, high] = three(words);
    match words.between(1, 12) {
        1 => format!("value = {mid}"),
        2 => format!("range = {{ low = {low}, mid = {mid}, high = {high} }}"),
        3 => format!("range = {{ low = {low}, high = {high}, covers = 0.9 }}"),
        4 => format!("beta = {{ mean = {mid}, n = {} }}", words.between(3, 60)),
        5 => format!("normal = {{ mean = {mid}, sd = 0.2 }}, at_least = 0, at_most = 1"),
        6 => format!("quantiles = {{ p10 = {low}, p50 = {mid}, p90 = {high} }}"),
        7 => format!("metalog = {{ p10 = {low}, p50 = {mid}, p90 = {high}, low = 0, high = 1 }}"),
        8 => format!(
            "mixture = [{{ share = 0.2, value = 0 }}, {{ share = 0.5, uniform = {{ low = {low}, high = {high} }} }}, \
             {{ share = 0.3, beta = {{ a = 3, b = 4 }} }}]"
        ),
        9 => format!(
            "experts = [{{ name = \"A\", weight = 2, range = {{ low = {low}, mid = {mid}, high = {high} }} }}, \
             {{ name = \"B\", range = {{ low = 0.1, high = 0.6, covers = 0.8 }} }}]"
        ),
        10 => format!("data = [{low}, {mid}, {high}, {mid}]"),
        11 => format!("choice = [{{ value = {low}, chance = 0.3 }}, {{ value = {high}, chance = 0.7 }}]"),
        _ => format!("pert = {{ low = {low}, mode = {mid}, high = {high} }}"),
    }
}

fn people(words: &mut Words) -> String {
    let [low, mid, high] = three(words).map(|share| (200.0 * share).round());
    match words.between(1, 9) {
        1 => format!("value = {high}"),
        2 => format!("uniform = {{ low = {low}, high = {high} }}"),
        3 => format!("pert = {{ low = {low}, mode = {mid}, high = {high} }}"),
        4 => format!("lognormal = {{ median = {mid}, factor = 1.4 }}, at_most = 300"),
        5 => format!("range = {{ low = {low}, mid = {mid}, high = {high} }}, at_most = 400"),
        6 => format!("metalog = {{ p10 = {low}, p50 = {mid}, p90 = {high}, low = 0, high = 300 }}"),
        7 => format!("quantiles = {{ p10 = {low}, p90 = {high} }}, at_most = 500"),
        8 => format!("data = [{low}, {high}, {mid}]"),
        _ => format!("triangular = {{ low = {low}, mode = {high}, high = {high} }}"),
    }
}

fn level(words: &mut Words) -> String {
    match words.between(1, 6) {
        1 => "value = 0.1".to_owned(),
        2 => "evidence = { effect = 0.12, low = 0.04, high = 0.20, usual = { mean = 0.05, sd = 0.05 }, elsewhere = 0.03 }"
            .to_owned(),
        3 => "evidence = { effect = 0.2, low = -0.1, high = 0.5, covers = 0.9 }".to_owned(),
        4 => "mixture = [{ share = 0.4, value = 0 }, { share = 0.6, normal = { mean = 0.15, sd = 0.05 } }]".to_owned(),
        5 => "quantiles = { p5 = -0.05, p50 = 0.1, p95 = 0.3 }".to_owned(),
        _ => "normal = { mean = 0.1, sd = 0.08 }".to_owned(),
    }
}
