#include "edge/receipt/slip_words.h"

#include <iterator>

namespace branchline {
namespace {

struct Row {
  absl::string_view english;
  absl::string_view simplified;
  absl::string_view traditional;
};

constexpr Row kSlipWords[] = {
    {"X REPORT", "X 报表", "X 報表"},
    {"Z REPORT", "Z 报表", "Z 報表"},
    {"COPY", "副本", "副本"},
    {"not the end of the shift", "未结班", "未結班"},
    {"Till $0", "收银机 $0", "收銀機 $0"},
    {"Opened by $0", "开班 $0", "開班 $0"},
    {"Day $0", "营业日 $0", "營業日 $0"},
    {"Receipts", "小票数", "收據數"},
    {"of which returns", "其中退货", "其中退貨"},
    {"of which voids", "其中冲正", "其中沖正"},
    {"Lines", "行数", "行數"},
    {"Voided lines", "取消行数", "取消行數"},
    {"Keyed prices", "改价行数", "改價行數"},
    {"Keyed weights", "手输重量", "手輸重量"},
    {"Cancelled baskets", "取消购物篮", "取消購物籃"},
    {"Copies printed", "补打份数", "補印份數"},
    {"Sales", "销售", "銷售"},
    {"Returns", "退货", "退貨"},
    {"NET", "净额", "淨額"},
    {"Discounts", "优惠", "折扣"},
    {"Rounding", "现金取整", "尾數調整"},
    {"Cash", "现金", "現金"},
    {"Card", "银行卡", "信用卡"},
    {"Voucher", "购物券", "禮券"},
    {"Wallet", "扫码支付", "行動支付"},
    {"Other", "其他", "其他"},
    {"unconfirmed", "未确认", "未確認"},
    {"Float", "备用金", "備用金"},
    {"Safe drop", "缴入保险柜", "存入保險櫃"},
    {"Paid in", "其他收入", "其他收入"},
    {"Paid out", "其他支出", "其他支出"},
    {"No-sale", "开钱箱", "開錢箱"},
    {"Count difference", "清点差额", "清點差額"},
    {"Opening", "期初现金", "期初現金"},
    {"Expected", "应有现金", "應有現金"},
    {"Counted", "清点现金", "清點現金"},
    {"Over or short", "长短款", "長短款"},
    {"To the safe", "交保险柜", "交保險櫃"},
    {"Left in the drawer", "留存钱箱", "留存錢箱"},
    {"Grand sales", "累计销售", "累計銷售"},
    {"Grand returns", "累计退货", "累計退貨"},
    {"CLOSED UNCOUNTED", "未清点结班", "未清點結班"},
    {"Late, for $0", "迟到，属于 $0", "遲到，屬於 $0"},
    {"SETTLEMENT", "事后清点", "事後清點"},
    {"Tax", "税", "稅"},
    {"REDUCED", "清仓特价", "出清特價"},
    {"Was $0", "原价 $0", "原價 $0"},
    {"Now $0", "现价 $0", "特價 $0"},
};

}  // namespace

absl::string_view SlipWord(absl::string_view key, absl::string_view language) {
  for (const Row& row : kSlipWords) {
    if (row.english != key) continue;
    if (language == "zh-CN") return row.simplified;
    if (language == "zh-TW") return row.traditional;
    return row.english;
  }
  return key;
}

absl::string_view SlipKey(size_t index) {
  return index < std::size(kSlipWords) ? kSlipWords[index].english : "";
}

}  // namespace branchline
