#include "edge/receipt/receipt_words.h"

namespace branchline {
namespace {

constexpr ReceiptWords kWords[] = {
    {.language = "en",
     .copy = "COPY",
     .tax_number = "Tax no. $0",
     .till = "Till $0",
     .served_by = "Served by $0",
     .return_title = "RETURN",
     .return_of = "Goods of receipt $0",
     .items = "$0 items",
     .one_item = "1 item",
     .total = "TOTAL",
     .refund = "REFUND",
     .cash = "Cash",
     .card = "Card",
     .voucher = "Voucher",
     .other_tender = "Other",
     .cash_given = "Cash",
     .change = "Change",
     .rounding = "Rounding",
     .saved = "You saved $0",
     .discount = "Discount",
     .member = "Member $0",
     .tax = "Tax",
     .tax_base = "Net",
     .tax_exempt = "Tax exempt: $0",
     .free_line = "free"},
    {.language = "zh-CN",
     .copy = "副本",
     .tax_number = "税号 $0",
     .till = "收银机 $0",
     .served_by = "收银员 $0",
     .return_title = "退货",
     .return_of = "原小票 $0",
     .items = "共 $0 件",
     .one_item = "共 1 件",
     .total = "合计",
     .refund = "退款",
     .cash = "现金",
     .card = "银行卡",
     .voucher = "购物券",
     .other_tender = "其他",
     .cash_given = "实收现金",
     .change = "找零",
     .rounding = "现金取整",
     .saved = "为您节省 $0",
     .discount = "优惠",
     .member = "会员 $0",
     .tax = "税额",
     .tax_base = "不含税",
     .tax_exempt = "免税：$0",
     .free_line = "赠送"},
    {.language = "zh-TW",
     .copy = "副本",
     .tax_number = "統一編號 $0",
     .till = "收銀機 $0",
     .served_by = "收銀員 $0",
     .return_title = "退貨",
     .return_of = "原收據 $0",
     .items = "共 $0 件",
     .one_item = "共 1 件",
     .total = "合計",
     .refund = "退款",
     .cash = "現金",
     .card = "信用卡",
     .voucher = "禮券",
     .other_tender = "其他",
     .cash_given = "實收現金",
     .change = "找零",
     .rounding = "尾數調整",
     .saved = "為您節省 $0",
     .discount = "折扣",
     .member = "會員 $0",
     .tax = "稅額",
     .tax_base = "未稅",
     .tax_exempt = "免稅：$0",
     .free_line = "贈送"},
};

}  // namespace

const ReceiptWords& WordsOf(absl::string_view language) {
  for (const ReceiptWords& words : kWords) {
    if (language == words.language) return words;
  }
  return kWords[0];
}

bool IsReceiptLanguage(absl::string_view language) {
  return language.empty() || WordsOf(language).language == language;
}

}  // namespace branchline
