//! No text makes the reader panic, and the order of a file means nothing.

use proptest::prelude::*;

use super::*;

/// The tables of a file with their headers; the first part is what comes before any table.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines() {
        if line.starts_with('[') {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

/// Values that a careless edit might leave.
pub(super) const VALUES: [&str; 18] = [
    "nan",
    "-inf",
    "1e308",
    "-1",
    "0",
    "0.5",
    "99999999999999999999",
    "true",
    "\"\"",
    "\"all\"",
    "\"enrolled\"",
    "[]",
    "[[]]",
    "{}",
    "{ a = 1 }",
    "2026-02-30",
    "1900-01-01",
    "\"0 months\"",
];

fn load_quietly(text: &[u8]) {
    let read = load_from_memory(&[("x.toml".to_owned(), text.to_vec())], "x.toml");
    if let Err(errors) = read {
        assert!(!errors.to_string().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_permuted_file_means_the_same(seed in any::<u64>()) {
        let mut shuffled = parts(GOOD);
        let head = shuffled.remove(0);
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let (first, _) = read_text(GOOD).unwrap();
        let (second, _) = read_text(&format!("{head}{}", shuffled.concat())).unwrap();
        prop_assert_eq!(meaning(&first), meaning(&second));
    }

    #[test]
    fn deleted_and_swapped_lines_do_not_panic(delete in prop::collection::vec(0usize..65, 0..6), a in 0usize..65, b in 0usize..65) {
        let mut lines: Vec<&str> = GOOD.lines().collect();
        let last = lines.len() - 1;
        lines.swap(a.min(last), b.min(last));
        for line in delete {
            lines.remove(line.min(lines.len() - 1));
        }
        load_quietly(lines.join("\n").as_bytes());
    }

    #[test]
    fn other_values_do_not_panic(changes in prop::collection::vec((0usize..65, 0usize..VALUES.len()), 1..4)) {
        let mut lines: Vec<String> = GOOD.lines().map(str::to_owned).collect();
        for (line, value) in changes {
            let at = line.min(lines.len() - 1);
            if let Some((key, _)) = lines[at].split_once('=') {
                lines[at] = format!("{key}= {}", VALUES[value]);
            }
        }
        load_quietly(lines.join("\n").as_bytes());
    }

    #[test]
    fn other_inner_values_do_not_panic(number in 0usize..40, value in 0usize..VALUES.len()) {
        let starts: Vec<usize> = GOOD.match_indices("= ").map(|(at, _)| at + 2).collect();
        let start = starts[number % starts.len()];
        let length = GOOD[start..].find([',', '}', '\n']).unwrap_or(0);
        load_quietly(format!("{}{}{}", &GOOD[..start], VALUES[value], &GOOD[start + length..]).as_bytes());
    }

    #[test]
    fn random_bytes_do_not_panic(at in 0usize..1500, bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut text = GOOD.as_bytes().to_vec();
        let at = at.min(text.len());
        text.splice(at..(at + bytes.len() / 2).min(text.len()), bytes);
        load_quietly(&text);
    }
}

#[test]
fn files_of_nothing_but_mistakes_are_told_briefly() {
    let limits = |count: usize| {
        (0..count).fold(String::new(), |text, n| text + &format!("[limit.l{n}]\nat_most = -1\n"))
    };
    assert!(refused_text(&format!("{GOOD}{}", limits(3000))).contains("2000 are allowed"));
    let many = refused_text(&format!("{GOOD}{}", limits(1500)));
    assert!(many.ends_with("... and 950 more"), "{}", many.lines().last().unwrap());
}

#[test]
fn a_portfolio_of_hundreds_loads() {
    let numbers = 0..300;
    let names: Vec<_> = numbers.clone().map(|n| format!("\"homes-{n}.toml\"")).collect();
    let portfolio = format!("udfald = 1\nportfolio = \"p\"\ninclude = [{}]\n", names.join(", "));
    let member =
        |n| (format!("homes-{n}.toml"), GOOD.replace("\"homes\"", &format!("\"homes-{n}\"")).into_bytes());
    let all: Vec<_> = numbers.map(member).chain([("p.toml".to_owned(), portfolio.into_bytes())]).collect();
    let (scenario, _) = load_from_memory(&all, "p.toml").unwrap_or_else(|errors| panic!("\n{errors}"));
    assert_eq!(scenario.investments.len(), 300);
    assert_eq!(scenario.register.entries().len(), 300 * 32);
}
