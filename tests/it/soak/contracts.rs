//! Contracts of three kinds, made up from a number: what the scalar model does, what the exact solver does, and all else.

use std::fmt::Write as _;

use super::inputs::inputs;
use crate::accounts::Contract;
use crate::oracle::made_up;
use crate::support::Words;

/// A contract made up, as a file.
pub struct MadeUp {
    pub text: String,
    /// The plain data it was written from, where the scalar model can say what it pays.
    pub plain: Option<Contract>,
}

/// Contract `number`: always the same.
pub fn contract(number: u64) -> MadeUp {
    let mut words = Words(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    match number % 4 {
        0 => MadeUp { text: made_up::contract(&mut words), plain: None },
        1 => {
            let contract = words.contract();
            MadeUp { text: contract.toml(), plain: Some(contract) }
        }
        _ => MadeUp { text: wide(&mut words), plain: None },
    }
}

/// The money of a contract for the scalar model, with uncertain numbers of every kind and, sometimes, outcomes of others.
fn wide(words: &mut Words) -> String {
    let contract = words.contract();
    let mut text = contract.toml_with(&inputs(words));
    if words.one_in(3) {
        let groups =
            words.pick(&["groups = { hard = 0.3, others = \"rest\" }\n", "alike = 0.4\n", "alike = 0\n"]);
        text = text.replacen("[party]\n", &format!("{groups}[party]\n"), 1);
    }
    let group = text.contains("groups = ");
    for index in 0..words.between(0, 3) {
        more(words, index, group, &mut text);
    }
    if words.one_in(3) {
        let reform = if text.contains("[event.reform]") { "reform = true\n" } else { "" };
        write!(text, "[case.plan]\ncoin0 = 0.4\n{reform}").unwrap();
    }
    text
}

/// One more outcome with a term that pays for it.
fn more(words: &mut Words, index: i64, group: bool, text: &mut String) {
    let of = if group { words.pick(&["hard", "others"]) } else { "enrolled" };
    let row = "price = [{ from = 0.05, pay = 20_000 }, { above = 0.2, pay = 50_000 }]";
    let (outcome, term) = match words.between(1, 8) {
        1 => (format!("of = \"{of}\"\nat = \"6 months\"\nlevel = \"effect\"\nnoise = {{ sd = \"spread\", matched = 5 }}"), format!("measured = \"each intake\"\n{row}")),
        2 => (format!("of = \"{of}\"\nat = \"3 months\"\nlevel = \"effect\"\nbias = 0.01\nnoise = {{ sd = 0.7, against = 500, shared = \"controls\" }}"), format!("measured = \"at the end\"\n{row}")),
        3 => (format!("of = \"{of}\"\nat = \"3 months\"\nrate = \"coin0\"\nclustering = 0.05"), "price = 4_000".to_owned()),
        4 => {
            let each = words.pick(&["{ pert = { low = 0, mode = 30, high = 90 } }", "{ choice = [{ value = 0, chance = 0.7 }, { value = 6, chance = 0.3 }] }", "3"]);
            (format!("of = \"{of}\"\nat = \"6 months\"\neach = {each}"), "price = 15.12".to_owned())
        }
        5 => {
            let allow = words.pick(&["", ", allow = 1"]);
            (format!("of = \"{of}\"\nat = [\"2 months\", \"3 months\"]\nstays = {{ every = \"1 month\", for = 6, start = 0.8, leave = 0.1, back = 0.3{allow} }}"), "price = [1_500, 2_000.5]".to_owned())
        }
        6 => (format!("of = \"{of}\"\nat = {{ every = \"2 months\", times = 3 }}\nrate = 0.8\nladder = true"), "price = 1_000".to_owned()),
        7 => (format!("of = \"{of}\"\nat = \"6 months\"\nrate = \"coin1\""), "measured = \"to date\"\npays = \"increase\"\nprice = [{ from = 0, each = 3_000 }, { from = 20, each = 1_000 }]".to_owned()),
        _ => (format!("of = \"{of}\"\nat = \"3 months\"\nrate = 0.5"), "price = 2_000\ntimes = \"2/3\"".to_owned()),
    };
    let when = if text.contains("[event.reform]") && words.one_in(3) { "when = [\"reform\"]\n" } else { "" };
    writeln!(text, "[outcome.more{index}]\n{outcome}\n[term.more{index}]\nfor = \"more{index}\"\n{term}\n{when}paid_by = \"alpha\"").unwrap();
}
