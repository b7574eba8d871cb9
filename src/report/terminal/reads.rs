//! What the table reads: a run without files counts nothing else.

use super::apart;
use crate::engine::grid::{Cell, Flow, Grid, Pick, Undefined};
use crate::engine::plan::column::Whole;

/// Flows that the table shows.
const SHOWN: [Flow; 4] = [Flow::Payment, Flow::Receipt, Flow::Drawdown, Flow::Donation];

/// The figures that the table of so many investments is made of, and those of which it says only how often they are above
/// zero.
pub fn reads(grid: &Grid, investments: usize) -> (Vec<Whole>, Vec<Whole>) {
    let shown = |cell: &Cell| cell.investment == Pick::All || apart(investments);
    let flows = grid.cells.iter().filter(|((cell, flow), _)| SHOWN.contains(flow) && shown(cell));
    let undefined = grid.undefined().iter().map(Undefined::flag);
    let figures = flows.map(|(_, figure)| *figure).chain(undefined).collect();
    let spared = grid.spared.iter().filter(|(cell, _)| shown(cell)).map(|(_, figure)| *figure);
    (figures, spared.collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::engine::model::Model;
    use crate::engine::run::{Settings, Unwatched};
    use crate::report::figures::Figures;
    use crate::report::terminal::terminal;
    use crate::report::text::Language;

    fn assert_same(path: &Path) {
        let model = Model::load(path).unwrap();
        let settings = Settings { trials: 700, ..Settings::default() };
        let (figures, signs) = reads(&model.compiled().grid, model.scenario().investments.len());
        let few = model.run_counting(&figures, &signs, settings, Some(1), &Unwatched).unwrap();
        let all = model.run(settings).unwrap();
        let [few, all] =
            [&few, &all].map(|results| terminal(&Figures::new(results).unwrap(), &[], Language::En).unwrap());
        assert_eq!(few, all, "{}", path.display());
    }

    #[test]
    fn the_table_is_that_of_a_run_that_counts_everything() {
        for folder in ["", "gallery", "candidates", "variants"] {
            let folder = format!("{}/scenarios/{folder}", env!("CARGO_MANIFEST_DIR"));
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "toml") {
                    assert_same(&path);
                }
            }
        }
    }

    #[test]
    fn the_table_of_many_investments_is_that_of_a_run_that_counts_everything() {
        let folder = tempfile::tempdir().unwrap();
        let one = include_str!("../../../scenarios/gallery/g1-quarterly-cap.toml");
        let mut names = Vec::new();
        for index in 0..13 {
            let text = one.replace("\"g1-quarterly-cap\"", &format!("\"contract-{index}\""));
            names.push(format!("\"{index}.toml\""));
            std::fs::write(folder.path().join(format!("{index}.toml")), text).unwrap();
        }
        let path = folder.path().join("all.toml");
        let head = "udfald = 1\nportfolio = \"many\"\nbudget_years = [2026, 2027, 2028]\ninclude = ";
        std::fs::write(&path, format!("{head}[{}]\n", names.join(", "))).unwrap();
        assert_same(&path);
    }
}
