//! Loans: what is out, what is overdue; lending, extending, taking back, by the rules of the register.

use archive_core::loans::{Loan, Request};
use archive_core::text;
use archive_core::text::Text;
use archive_store::Repository;
use askama::Template;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// Loans that came back, shown below those that are out.
const BACK: usize = 50;

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    loan: Loan,
    overdue: Option<u32>,
    /// What is sent back with what becomes of it.
    version: Version,
    #[serde(skip)]
    to: String,
}

/// A word for a loan as it stands.
fn version(repository: &Repository, no: &str) -> Result<Version, Failure> {
    Version::of(&repository.loan(no)?)
}

#[derive(Template, Serialize)]
#[template(path = "staff/loans.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    out: Vec<Line>,
    back: Vec<Line>,
    #[serde(skip)]
    may_change: bool,
}

/// The register of loans.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let all = site.read(|repository| Ok(repository.loans()?))?;
    let line = |loan: Loan| -> Result<Line, Failure> {
        Ok(Line {
            overdue: loan.days_overdue(visit.today()),
            version: Version::of(&loan)?,
            to: format!("/volume/{}", segment(&loan.volume)),
            loan,
        })
    };
    let (out, mut back): (Vec<Loan>, Vec<Loan>) = all.into_iter().partition(Loan::is_out);
    back.reverse();
    back.truncate(BACK);
    let mut out: Vec<Line> = out.into_iter().map(line).collect::<Result<_, _>>()?;
    out.sort_by_key(|line| line.loan.due);
    let page = Page {
        frame: visit.frame(&Text::fixed("借阅", "Loans")),
        out,
        back: back.into_iter().map(line).collect::<Result<_, _>>()?,
        may_change: visit.has(&[
            archive_core::people::Role::Clerk,
            archive_core::people::Role::Archivist,
            archive_core::people::Role::Director,
        ]),
    };
    visit.show(&page, &page)
}

/// Lends, extends, or takes back.
pub(crate) fn act(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let sheets = || -> Result<u32, Failure> {
        let written = visit.field("sheets");
        written.parse().map_err(|_| {
            Failure::refused(text!("张数“{written}”不是数", "“{written}” is no number of sheets"))
        })
    };
    let profile = &site.settings.profile;
    let no = visit.field("no");
    let seen = |repository: &Repository| version(repository, no);
    match visit.field("what") {
        "lend" => {
            let volume = visit.needed("volume", &Text::fixed("档号", "the code"), 120)?;
            let request = Request {
                volume: volume.clone(),
                borrower: visit.needed("borrower", &Text::fixed("借阅人", "the borrower"), 60)?,
                unit: visit.field("unit").to_owned(),
                purpose: visit.field("purpose").to_owned(),
                approved_by: visit.field("approved_by").to_owned(),
                sheets: sheets()?,
                due: visit.day("due")?,
                level: archive_core::model::SecrecyLevel::default(),
            };
            let new = |_: &Repository| Ok(Version::of_something_new());
            site.change(visit, new, |change| {
                let known = change.repository().volumes_called(&volume)?;
                let record = known.first().ok_or_else(|| {
                    Failure::refused(text!("没有档号为 {volume} 的案卷", "there is no volume {volume}"))
                })?;
                let request = Request { level: record.level, ..request };
                change.lend(&record.fonds, request, profile)?;
                Ok(())
            })?;
        }
        "extend" => {
            let until = visit.day("until")?.ok_or_else(|| {
                Failure::refused(Text::fixed("没有写明延到哪一天", "the new day is missing"))
            })?;
            site.change(visit, seen, |change| {
                change.extend_loan(
                    no,
                    Some(until),
                    visit.field("approved_by"),
                    visit.field("reason"),
                    profile,
                )?;
                Ok(())
            })?;
        }
        "return" => {
            let sheets = sheets()?;
            site.change(visit, seen, |change| {
                change.take_back(no, sheets, visit.field("damage"), profile)?;
                Ok(())
            })?;
        }
        _ => return Err(Failure::refused(Text::fixed("没有选办什么", "choose what to do"))),
    }
    visit.done("/staff/loans", &Text::fixed("已登记", "registered"))
}
