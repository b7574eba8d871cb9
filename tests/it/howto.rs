//! Every recipe of the how-to is laid over the small contract of the reference, and runs.

use udfald::engine::grid::Flow;

use crate::support::{model_of, run_here, total};

const HOWTO: &str = include_str!("../../docs/howto.md");
const REFERENCE: &str = include_str!("../../docs/scenario-format.md");
const GALLERY: &str = include_str!("../../docs/gallery.md");

/// Recipes in order: heading, clause, lines, and what is said about them.
fn recipes() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let recipe = |text: &'static str| {
        let (heading, text) = text.split_once('\n').unwrap();
        let (clause, text) = text.split_once("```toml fragment\n").unwrap_or_else(|| panic!("{heading}"));
        let (lines, said) = text.split_once("```").unwrap();
        (heading, clause.trim(), lines, said.split("\n#").next().unwrap().trim())
    };
    HOWTO.split("\n### ").skip(1).map(recipe).collect()
}

fn small() -> &'static str {
    let block = REFERENCE.split("```toml\n").nth(1).unwrap();
    block.split("```").next().unwrap()
}

#[test]
fn every_recipe_runs_and_is_another_contract() {
    let plan = |text: &str| {
        let model = model_of(&[("x.toml", text), ("small.toml", small())], "x.toml");
        let results = run_here(&model, 500, 1);
        assert!(total(&results, "all", Flow::Earned).max() > 0, "{text}");
        model.plan().to_string()
    };
    let plain = plan(small());
    for (heading, _, lines, _) in recipes() {
        assert_ne!(plan(&format!("base = \"small.toml\"\n{lines}")), plain, "{heading} changes nothing");
    }
}

#[test]
fn each_of_the_37_mechanisms_has_a_recipe_and_the_gallery_links_to_it() {
    let recipes = recipes();
    assert_eq!(recipes.len(), 37);
    for (number, (heading, clause, _, said)) in (1..).zip(&recipes) {
        assert!(heading.starts_with(&format!("{number}. ")), "{heading}");
        assert!(clause.starts_with("> ") && said.len() > 20, "{heading}");
        let kept = |c: char| c.is_alphanumeric() || c == ' ' || c == '-';
        let anchor =
            heading.to_lowercase().chars().filter(|c| kept(*c)).collect::<String>().replace(' ', "-");
        let link = format!("| [{number}](howto.md#{anchor}) |");
        assert!(GALLERY.contains(&link), "{link}");
    }
}
