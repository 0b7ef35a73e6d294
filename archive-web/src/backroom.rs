//! What is done behind the pages by calling several libraries, and is therefore the command's to do.

use archive_core::finding::Finding;
use archive_core::model::ItemId;
use archive_core::text::{Lang, Text};

/// A file that was made for somebody to take away.
#[derive(Debug, Clone)]
pub struct Download {
    /// What it is called.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A form that can be printed.
#[derive(Debug, Clone)]
pub struct FormName {
    /// Its stable name.
    pub name: &'static str,
    /// What it is called.
    pub title: Text,
    /// Whether it is a label: as a table it would say again what others say, so there is none.
    pub is_label: bool,
}

/// What the command lends to the pages. Errors are words for people.
pub trait Backroom: Send + Sync {
    /// Brings the index up to date after these records changed their state: what was closed must leave the public half
    /// at once.
    ///
    /// # Errors
    ///
    /// Why it couldn't be done.
    fn refresh_index(&self, operator: &str, items: &[ItemId]) -> Result<(), Text>;

    /// Takes records out of the index before they are closed: stopped between the decision and [`Self::refresh_index`], the
    /// public must not find them.
    ///
    /// # Errors
    ///
    /// Why it couldn't be done.
    fn withdraw(&self, items: &[ItemId]) -> Result<(), Text>;

    /// All findings on the fonds, sorted, as `archive check` gives them.
    ///
    /// # Errors
    ///
    /// Why they couldn't be had.
    fn findings(&self) -> Result<Vec<Finding>, Text>;

    /// The forms that can be printed.
    fn forms(&self) -> Vec<FormName>;

    /// A printed form of a year, in a format (`pdf`, `xlsx`, `csv`, `html`).
    ///
    /// # Errors
    ///
    /// Why it can't be printed.
    fn print(&self, year: i32, form: &str, format: &str, lang: Lang) -> Result<Vec<Download>, Text>;

    /// A destruction list as it is printed to be signed, in a format (`pdf`, `xlsx`, `csv`).
    ///
    /// # Errors
    ///
    /// Why it can't be printed.
    fn print_list(&self, number: &str, format: &str) -> Result<Download, Text>;

    /// Carries a destruction list out, in somebody's name: first the index forgets, then the contents go. Gives what
    /// was destroyed, in words.
    ///
    /// # Errors
    ///
    /// By which rule it may not be, or why it couldn't.
    fn destroy(&self, operator: &str, number: &str) -> Result<Text, Text>;
}
