//! The contracts that are built into the program for `new` to begin from.

use crate::report::text::Language;

/// A contract to begin from: its id, which is the name of its file, and its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Starter {
    pub(super) id: &'static str,
    pub(super) text: &'static str,
}

impl Starter {
    /// The name that its text gives the contract.
    pub(super) fn name(self) -> &'static str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("name "));
        line.and_then(|line| line.split('"').nth(1)).unwrap_or(self.id)
    }
}

/// The contract that explains itself.
pub(super) const fn starter(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../scenarios/starter/en.toml"),
        Language::Da => include_str!("../../scenarios/starter/da.toml"),
    }
}

macro_rules! gallery {
    ($($id:literal),* $(,)?) => {
        [$(Starter { id: $id, text: include_str!(concat!("../../scenarios/gallery/", $id, ".toml")) }),*]
    };
}

/// The gallery, ascending by id, without variants, which need the file they are laid over.
pub(super) static GALLERY: [Starter; 17] = gallery![
    "aarhus-diabetes",
    "aarhus-homeless",
    "aarhus-job",
    "care-leavers-apollo",
    "denver",
    "dwp-innovation-fund",
    "educate-girls",
    "g1-quarterly-cap",
    "greater-manchester",
    "ikast-brande",
    "impact60",
    "norfolk",
    "nottingham-person-cap",
    "nyc-able",
    "rudersdal-stress",
    "utah-preschool",
    "ways-to-wellness",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(String, String)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/gallery");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let id = path.file_stem().unwrap().to_string_lossy().into_owned();
                (id, std::fs::read_to_string(&path).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn the_whole_gallery_is_there() {
        let whole = |text: &str| !text.parse::<toml::Table>().unwrap().contains_key("base");
        let files: Vec<_> = files().into_iter().filter(|(_, text)| whole(text)).collect();
        let built_in: Vec<_> = GALLERY.iter().map(|s| (s.id.to_owned(), s.text.to_owned())).collect();
        assert_eq!(built_in, files, "add the file to the list");
    }

    #[test]
    fn every_contract_has_a_name() {
        for starter in &GALLERY {
            let table: toml::Table = starter.text.parse().unwrap();
            assert_eq!(table["name"].as_str(), Some(starter.name()), "{}", starter.id);
        }
    }

    /// Both languages say the same: every value that is no text for people is alike.
    #[test]
    fn the_starter_means_the_same_in_both_languages() {
        fn without_texts(table: &toml::Table) -> toml::Table {
            let kept =
                table.iter().filter(|(key, _)| !["name", "assumed", "documents"].contains(&key.as_str()));
            kept.map(|(key, value)| match value {
                toml::Value::Table(inner) => (key.clone(), without_texts(inner).into()),
                other => (key.clone(), other.clone()),
            })
            .collect()
        }
        let [english, danish] = Language::ALL.map(|language| starter(language).parse().unwrap());
        assert_ne!(english, danish);
        assert_eq!(without_texts(&english), without_texts(&danish));
    }

    #[test]
    fn every_line_of_the_starter_is_explained_in_both_languages() {
        let remarks = |text: &str| text.matches('#').count();
        assert_eq!(remarks(starter(Language::En)), remarks(starter(Language::Da)));
        assert!(remarks(starter(Language::En)) > 30);
    }
}
