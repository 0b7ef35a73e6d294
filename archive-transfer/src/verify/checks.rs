//! The tests of DA/T 70-2018 for transfer and receipt (YJ), by four properties.
//!
//! Which code bears which name is confirmed only for a part of the table; for 1-9 to 1-14 and 3-4 on the
//! copies disagree, and the product's book says so. A test nobody fed stays `manual`: a person judges.

use std::collections::BTreeMap;

use archive_core::text::Text;
use serde::{Deserialize, Serialize};

/// The four properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Property {
    /// 真实性.
    #[serde(rename = "真实性")]
    Authenticity,
    /// 完整性.
    #[serde(rename = "完整性")]
    Integrity,
    /// 可用性.
    #[serde(rename = "可用性")]
    Usability,
    /// 安全性.
    #[serde(rename = "安全性")]
    Security,
}

impl Property {
    /// The word, in both languages.
    pub const fn word(self) -> Text {
        match self {
            Self::Authenticity => Text::fixed("真实性", "authenticity"),
            Self::Integrity => Text::fixed("完整性", "completeness"),
            Self::Usability => Text::fixed("可用性", "usability"),
            Self::Security => Text::fixed("安全性", "security"),
        }
    }
}

/// What a test came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// Nothing wrong.
    Pass,
    /// Something is wrong; the findings say what.
    Fail,
    /// For a person to judge.
    Manual,
}

/// A test and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its code, e.g. `YJ-1-1`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The property it belongs to.
    pub property: Property,
    /// What it came to.
    pub result: CheckResult,
    /// In words.
    pub detail: Text,
    /// Whether the machine looked, and left the result to a person.
    #[serde(skip)]
    pub weighed: bool,
}

struct Test {
    no: &'static str,
    name: Text,
    property: Property,
}

const fn test(no: &'static str, property: Property, zh: &'static str, en: &'static str) -> Test {
    Test { no, name: Text::fixed(zh, en), property }
}

use Property::{Authenticity, Integrity, Security, Usability};

static TESTS: &[Test] = &[
    test("1-1", Authenticity, "固化信息有效性", "digests hold"),
    test("1-2", Authenticity, "元数据项数据长度", "length of metadata values"),
    test("1-3", Authenticity, "元数据项数据类型、格式", "type and form of metadata values"),
    test("1-4", Authenticity, "设定值域的元数据项值域符合度", "values from their lists"),
    test("1-5", Authenticity, "元数据项数据值合理性", "plausible values"),
    test("1-6", Authenticity, "元数据项数据包含特殊字符", "special characters"),
    test("1-7", Authenticity, "档号规范性", "form of archival codes"),
    test("1-8", Authenticity, "元数据项数据重复性", "doubled values"),
    test("1-10", Authenticity, "内容数据的电子属性一致性", "name, length and format as described"),
    test("1-11", Authenticity, "元数据是否关联内容数据", "metadata points to content"),
    test("1-12", Authenticity, "说明文件和目录文件规范性", "form of the explanatory and list files"),
    test("1-13", Authenticity, "信息包目录结构规范性", "layout of the package"),
    test("1-14", Authenticity, "信息包一致性", "the package is as it was sent"),
    test("2-1", Integrity, "总件数相符性", "number of items as declared"),
    test("2-2", Integrity, "总字节数相符性", "number of bytes as declared"),
    test("2-3", Integrity, "元数据项完整性", "all metadata elements there"),
    test("2-4", Integrity, "元数据必填著录项目", "required elements filled"),
    test("2-5", Integrity, "过程信息完整性", "process information"),
    test("2-6", Integrity, "连续性元数据项", "numbers run on"),
    test("2-7", Integrity, "内容数据完整性", "content whole"),
    test("2-8", Integrity, "附件数据完整性", "attachments whole"),
    test("2-9", Integrity, "归档范围", "scope of filing"),
    test("2-10", Integrity, "信息包元数据完整性", "metadata of the package whole"),
    test("2-11", Integrity, "信息包内容数据完整性", "number of files as recorded"),
    test("3-1", Usability, "信息包中元数据的可读性", "metadata can be read"),
    test("3-2", Usability, "目标数据库中的元数据可访问性", "metadata can be reached in the database"),
    test("3-3", Usability, "内容数据格式", "formats of content"),
    test("3-4", Usability, "内容数据的可读性", "content can be read"),
    test("3-8", Usability, "信息包中内容数据格式合规性", "no encryption, no secret compression"),
    test("4-1", Security, "系统环境中是否安装杀毒软件", "a virus scanner is installed"),
    test("4-2", Security, "病毒感染", "no virus"),
    test("4-3", Security, "载体中多余文件", "no stray files"),
    test("4-4", Security, "载体读取速度", "speed of the carrier"),
    test("4-5", Security, "载体外观", "look of the carrier"),
    test("4-6", Security, "光盘合格性", "quality of the disc"),
    test("4-7", Security, "操作过程安全性", "safe handling"),
];

/// Results as they come in.
#[derive(Debug, Default)]
pub(super) struct Results {
    judged: BTreeMap<&'static str, (CheckResult, Vec<Text>)>,
}

impl Results {
    /// A test passed or failed; told several times, one failure is enough.
    pub(super) fn judge(&mut self, no: &'static str, passed: bool, detail: Text) {
        self.take(no, if passed { CheckResult::Pass } else { CheckResult::Fail }, detail);
    }

    /// A test the machine ran, whose result a person must weigh.
    pub(super) fn unsure(&mut self, no: &'static str, detail: Text) {
        self.take(no, CheckResult::Manual, detail);
    }

    fn take(&mut self, no: &'static str, result: CheckResult, detail: Text) {
        debug_assert!(TESTS.iter().any(|test| test.no == no), "{no} is in no table");
        let rank = |result: CheckResult| match result {
            CheckResult::Pass => 0,
            CheckResult::Manual => 1,
            CheckResult::Fail => 2,
        };
        let (so_far, details) = self.judged.entry(no).or_insert((result, Vec::new()));
        if rank(result) > rank(*so_far) {
            *so_far = result;
        }
        if !details.contains(&detail) {
            details.push(detail);
        }
    }

    /// Takes over what others said of the same tests.
    pub(super) fn join(&mut self, others: Self) {
        for (no, (result, details)) in others.judged {
            for detail in details {
                self.take(no, result, detail);
            }
        }
    }

    /// Adds a remark to a test that was judged.
    pub(super) fn note(&mut self, no: &'static str, detail: &Text) {
        if let Some((_, details)) = self.judged.get_mut(no) {
            details.push(detail.clone());
        }
    }

    /// All tests, in the order of their codes.
    pub(super) fn table(self) -> Vec<Check> {
        let manual = Text::fixed("须人工检查", "for a person to check");
        TESTS
            .iter()
            .map(|test| {
                let (result, detail) = match self.judged.get(test.no) {
                    None => (CheckResult::Manual, manual.clone()),
                    Some((result, details)) => {
                        let zh: Vec<&str> = details.iter().map(|text| &*text.zh).collect();
                        let en: Vec<&str> = details.iter().map(|text| &*text.en).collect();
                        (*result, Text::new(zh.join("；"), en.join("; ")))
                    }
                };
                let weighed = result == CheckResult::Manual && self.judged.contains_key(test.no);
                Check {
                    weighed,
                    code: format!("YJ-{}", test.no),
                    name: test.name.clone(),
                    property: test.property,
                    result,
                    detail,
                }
            })
            .collect()
    }
}
