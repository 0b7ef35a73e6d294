//! What the pages have done by the command: what takes several libraries, and is done by commands already.

use std::fs;
use std::path::PathBuf;

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, print_document};
use archive_core::finding::Finding;
use archive_core::model::ItemId;
use archive_core::text::{Lang, Text};
use archive_web::{Backroom, Download, FormName};
use chrono::NaiveDate;

use crate::cmd::catalogue::Order;
use crate::cmd::disposal;
use crate::cmd::index;
use crate::context::{self, Context};
use crate::error::CommandError;
use crate::judged::Judged;
use crate::office::Office;

/// The rooms behind the pages of one repository.
pub(super) struct Rooms {
    repository: PathBuf,
    base: Context,
    today: Option<NaiveDate>,
}

impl Rooms {
    pub(super) fn new(base: Context, today: Option<NaiveDate>) -> Self {
        Self { repository: base.repository.clone().unwrap_or_default(), base, today }
    }

    /// What a command starts from, at this moment, in somebody's name.
    fn context(&self, operator: &str) -> Context {
        let now = context::now(self.today).unwrap_or(self.base.now);
        Context { operator: operator.to_owned(), now, ..self.base.at(&self.repository) }
    }
}

fn told(error: CommandError) -> Text {
    error.message
}

/// What a form is called for who doesn't read Chinese; on paper it has its Chinese name.
const fn english(form: Form) -> &'static str {
    match form {
        Form::Cover => "Volume covers",
        Form::Spine => "Volume spines",
        Form::Contents => "Contents of volumes",
        Form::Note => "Notes at the end of volumes",
        Form::Volumes => "List of volumes",
        Form::Full => "List of volumes with their items",
        Form::Items => "List of items",
        Form::Stamp => "Stamps of the archival code",
        Form::HandOver => "Hand-over sheet",
        Form::Box => "Labels of boxes",
        Form::BoxNote => "Notes in boxes",
        Form::Classified => "Classified list",
        Form::Subjects => "List by subject",
        Form::Concordance => "Document numbers and archival codes",
        Form::Names => "Cards of persons",
    }
}

impl Backroom for Rooms {
    fn refresh_index(&self, operator: &str, items: &[ItemId]) -> Result<(), Text> {
        let context = self.context(operator);
        let office = context.open().and_then(Office::new).map_err(told)?;
        index::refresh(&context, &office, Some(items)).map(|_| ()).map_err(told)
    }

    fn withdraw(&self, items: &[ItemId]) -> Result<(), Text> {
        let repository = self.context("").open().map_err(told)?;
        index::withdraw(&repository, items).map_err(told)
    }

    fn findings(&self) -> Result<Vec<Finding>, Text> {
        let context = self.context("");
        let office = context.open().and_then(Office::new).map_err(told)?;
        Ok(Judged::of(&context, &office).map_err(told)?.findings)
    }

    fn forms(&self) -> Vec<FormName> {
        let name = |form: Form| FormName {
            name: form.word(),
            title: Text::fixed(form.title(), english(form)),
            is_label: form.is_label(),
        };
        Form::ALL.into_iter().map(name).collect()
    }

    fn print(&self, year: i32, form: &str, format: &str, _lang: Lang) -> Result<Vec<Download>, Text> {
        let context = self.context("");
        let print = || -> Result<Vec<Download>, CommandError> {
            let office = Office::new(context.open()?)?;
            let folder =
                tempfile::tempdir().map_err(|error| CommandError::io(&std::env::temp_dir(), &error))?;
            let order = Order {
                year: Some(year),
                together: None,
                out: folder.path(),
                what: vec![form.parse::<Form>()?],
                formats: vec![format.parse::<Format>()?],
                fonts: Fonts::find(&[])?,
                per_volume: false,
            };
            let done = order.carry_out(&context, &office)?;
            let taken = |path: PathBuf| -> Result<Download, CommandError> {
                let bytes = fs::read(&path).map_err(|error| CommandError::io(&path, &error))?;
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Download { name, bytes })
            };
            done.files.into_iter().map(taken).collect()
        };
        print().map_err(told)
    }

    fn print_list(&self, number: &str, format: &str) -> Result<Download, Text> {
        let context = self.context("");
        let print = || -> Result<Download, CommandError> {
            let office = Office::new(context.open()?)?;
            let (document, _) = disposal::document(&office, number, context.today())?;
            let formats = [format.parse::<Format>()?];
            let printed = print_document(&document, &formats, &Fonts::find(&[])?, context.today())?;
            let file = printed.files.into_iter().next().ok_or_else(|| {
                CommandError::usage(
                    Text::fixed("清册没有内容", "there is nothing on the list"),
                    Text::fixed("先列入档案", "put records on it first"),
                )
            })?;
            Ok(Download { name: file.file_name, bytes: file.bytes })
        };
        print().map_err(told)
    }

    fn destroy(&self, operator: &str, number: &str) -> Result<Text, Text> {
        let context = self.context(operator);
        let office = context.open().and_then(Office::new).map_err(told)?;
        let done = disposal::carry_out(&context, &office, number, false).map_err(told)?;
        Ok(done.said(number, false))
    }
}
