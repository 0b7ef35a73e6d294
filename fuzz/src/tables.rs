//! Registers, books of papers in and out, plans and lists.

use std::sync::LazyLock;

use archive_catalogue::plan::{self, Proposal};
use archive_catalogue::{list, office_register, register};
use archive_core::arrange::{Decisions, arrange};
use archive_core::model::{Arrangement, Institution, Item};
use archive_core::office_register::Direction;
use archive_core::profile::Profile;
use archive_core::storeroom::logger;
use archive_core::text::Lang;

use crate::parts::{Parts, of_zip, replaced, zipped};

static REGISTER: &str = "序号,文号,责任者,题名,日期,页数,党政,问题,保管期限,关联序号,关联关系\n\
    1,临政〔2004〕1号,临溪县人民政府,临溪县人民政府关于防汛工作的通知,2004-04-01,3,政,防汛,永久,,\n\
    2,临水〔2004〕2号,县水利局,县水利局关于防汛经费的请示,2004-04-02,2,政,防汛,永久,,\n\
    3,临政函〔2004〕3号,临溪县人民政府,临溪县人民政府关于防汛经费的批复,2004-04-09,1,政,防汛,永久,2,批复\n";

struct Office {
    items: Vec<Item>,
    institution: Institution,
    profile: Profile,
    decisions: Decisions,
    arrangement: Arrangement,
    plan: Parts,
}

impl Office {
    fn proposal(&self) -> Proposal<'_> {
        Proposal {
            items: &self.items,
            institution: &self.institution,
            profile: &self.profile,
            decisions: &self.decisions,
            arrangement: &self.arrangement,
        }
    }
}

static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    let items = register::read("register.csv", REGISTER.as_bytes()).expect("a sound sample").items;
    let institution = Institution { name: "临溪县人民政府办公室".into(), fonds: "J019".into() };
    let profile = Profile::built_in("futian-2006").expect("a built-in profile");
    let decisions = Decisions::default();
    let arrangement = arrange(&items, &institution, &profile, &decisions);
    let mut office = Office { items, institution, profile, decisions, arrangement, plan: Parts::new() };
    office.plan = of_zip(&plan::write(office.proposal(), Lang::Zh).expect("a sound sample"));
    office
});

/// Whatever bytes as a register: text, xls, xlsx, ods.
pub fn register(data: &[u8]) {
    if let Ok(reading) = register::read("登记表", data) {
        let _ = register::write_refused(&reading.sheets, &reading.refused, register::RegisterFormat::Csv);
    }
}

/// A workbook of which the input replaces parts: xlsx first, where they are named as in one, else ods.
pub fn workbook(data: &[u8]) {
    if let Some(bytes) = zipped(&replaced(&OFFICE.plan, data)) {
        let _ = register::read("登记表.xlsx", &bytes);
        let _ = list::read(&bytes);
    }
    let mut ods = Parts::new();
    ods.insert("mimetype".into(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec());
    ods.insert("META-INF/manifest.xml".into(), b"<manifest/>".to_vec());
    ods.insert("content.xml".into(), data.to_vec());
    if let Some(bytes) = zipped(&ods) {
        let _ = register::read("登记表.ods", &bytes);
    }
}

/// A book of papers in or out.
pub fn office_register(data: &[u8]) {
    let _ = office_register::read("收文登记簿", data, Direction::Incoming, Some(2004));
    let _ = office_register::read("发文登记簿", data, Direction::Outgoing, None);
}

/// A plan that was given back, of which the input replaces parts.
pub fn plan(data: &[u8]) {
    let office = &*OFFICE;
    if let Some(bytes) = zipped(&replaced(&office.plan, data))
        && plan::is_plan(&bytes)
    {
        let _ = plan::read("方案.xlsx", &bytes, office.proposal());
    }
}

/// A list of codes or labels, or the log of an instrument.
pub fn lists(data: &[u8]) {
    for list in list::read(data).unwrap_or_default() {
        let _ = list.columns(&[&["档号"], &["原因", "理由"]]);
        let _ = logger::read(&list.rows);
    }
}
