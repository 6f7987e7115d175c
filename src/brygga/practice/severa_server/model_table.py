"""The wire models the practice Severa server knows: every document collection and everything nested in it.

Source: contracts/severa_models.json (a test compares field by field). Notation: ``field type; field type``, where a
type ends with ``?`` when it may be null, ``[]`` when it is an array and ``!`` when the schema marks it required;
``@audit`` stands for the four audit fields that most documents carry.
"""

from __future__ import annotations

AUDIT = (
    "createdDateTime datetime; createdBy UserWithFirstNameLastNameAndPhotoFileModel?; "
    "lastUpdatedDateTime datetime?; lastUpdatedBy UserWithFirstNameLastNameAndPhotoFileModel?"
)

DOCUMENTS: dict[str, str] = {
    "AddressModel": (
        "@audit; guid string?; addressline string?; postalCode string?; city string?; isBillingAddress boolean; "
        "isPostalAddress boolean; isVisitAddress boolean; phone string?; fax string?; country AddressCountry?; "
        "countryRegion ModelWithName?; customer AddressCustomer?; contacts ModelWithName[]?"
    ),
    "ContactModel": (
        "@audit; firstName string!; lastName string!; salutation SalutationType?; guid string?; name string?; "
        "description string?; jobTitle string?; isActive boolean; isDeleted boolean; customer ContactCustomer!; "
        "addressGuid string?; phoneNumbers string[]?; emails string[]?; satisfactionLevel SatisfactionLevelType?; "
        "timeZone ModelWithName?; dateOfBirth date?; role ModelWithName?; language ModelWithName?; "
        "isEmailAllowed boolean"
    ),
    "ContactCommunicationModel": (
        "@audit; guid string?; value string!; isForbiddenToUse boolean; contact ModelBaseWithRequiredGuid!; "
        "communicationType CommunicationTypeSubModel!"
    ),
    "CustomerModel": (
        "@audit; guid string?; name string!; number int64?; isActive boolean; isInternal boolean; notes string?; "
        "email string?; website string?; vatNumber string?; kvkNumber string?; numberOfEmployees int32?; "
        "annualRevenue int64?; language CustomerLanguage?; currency CustomerCurrency?; "
        "owner UserWithFirstNameLastNameAndPhotoFileModel?; industry ModelWithName?; "
        "headquarterAddress CustomerHeadquarterAddress?; timezone ModelWithName?; pricelist ModelWithName?; "
        "paymentTerm int32?; overdueInterest double?; invoicingVat CustomerInvoicingVat?; eInvoiceAddress string?; "
        "eInvoiceOperator string?; organizationUnitNumber string?; invoiceTemplate ModelWithName?"
    ),
    "CustomerCountrySettingsOutputModel": (
        "guid string?; customer ModelBase?; country CustomerCountry?; valueAddedTax ValueAddedTaxSubModel?; "
        "isTaxFree boolean; taxFreeDescription string?; zeroVatCategoryCodeEn16931 string?"
    ),
    "ProjectOutputModel": (
        "@audit; projectStatus ProjectStatusSubModel?; isInternal boolean; internalName string?; number int64?; "
        "description string?; isClosed boolean; closedDate date?; isJoiningAllowed boolean; "
        "customer ProjectCustomerSubModel?; projectOwner UserWithFirstNameLastNameAndPhotoFileModel?; "
        "businessUnit BusinessUnitSubModel?; currency CurrencySubModel2?; customerContact CustomerContactSubModel?; "
        "salesStatus SalesStatusSubModel?; salesPerson UserWithFirstNameLastNameAndPhotoFileModel?; "
        "probability int32?; expectedOrderDate date?; expectedValue MoneyOutputModel?; startDate date?; "
        "deadline date?; leadSource ModelWithName?; rootPhase ModelWithName?; pricelist ProjectPricelistSubModel?; "
        "costCenter ProjectCostCenterSubModel?; paymentTerm int32?; ourReference string?; yourReference string?; "
        "orderNumber string?; invoiceNotes string?; billingContact UserWithFirstNameLastNameAndPhotoFileModel?; "
        "invoiceTemplate ProjectInvoiceTemplateSubModel?; useWorkTypesFromSetting boolean; "
        "defaultWorkType ModelWithName?; useProductsFromSetting boolean; isMileageBillable boolean; "
        "isDailyAllowanceBillable boolean; isOtherTravelExpensesBillable boolean; useOvertimeMultipliers boolean; "
        "keywords ModelWithName[]?; completionEstimatePercentage int32?; calculatedCompletionPercentage int32?; "
        "guid string?; name string!"
    ),
    "SalesStatusTypeOutputModel": (
        "@audit; name string; guid string; isActive boolean; salesState SalesStatusType; defaultProbability int32?; "
        "isProposalDefault boolean?"
    ),
    "ProjectStatusTypeModel": "@audit; name string!; isActive boolean; sortOrder int32; guid string?",
    "InvoiceOutputModel": (
        "@audit; guid string?; number int32?; referenceNumber string?; status InvoiceStatusSubModel?; "
        "customer InvoiceCustomerSubModel?; projects InvoiceProjectSubModel[]?; date date; dueDate date; "
        "paymentDate date?; entryDate date?; paymentTerm int32; overdueInterest double; ourReference string?; "
        "yourReference string?; currency CurrencySubModel?; currencyRate double; "
        "totalIncludingTax MoneyOutputModel?; totalExcludingTax MoneyOutputModel?; totalTax MoneyOutputModel?; "
        "workHoursTotalExcludingTax MoneyOutputModel?; projectFeesTotalExcludingTax MoneyOutputModel?; "
        "projectTravelExpensesTotalExcludingTax MoneyOutputModel?; flatRatesTotalExcludingTax MoneyOutputModel?; "
        "workHoursQuantity double; receiverCustomerName string?; receiverContactGuid string?; "
        "receiverContactName string?; receiverContactEmail string?; "
        "receiverAddress InvoiceReceiverAddressSubModel?; receiverVatNumber string?; receiverKvkNumber string?; "
        "senderName string?; senderContactName string?; senderContactGuid string?; "
        "senderAddress InvoiceSenderAddressSubModel?; senderVatNumber string?; senderKvkNumber string?; "
        "isCreditNote boolean; reimburseInvoice RelatedInvoiceSubModel?; creditNoteInvoice RelatedInvoiceSubModel?; "
        "invoiceNumberBusinessUnitGuid string?; orderNumber string?; invoiceTemplate ModelWithName?; "
        "culture FormattingCultureSubModel2?; billingCustomer InvoiceCustomerSubModel?; notes string?; "
        "freeText1 FreeTextModel2?; freeText2 FreeTextModel2?; language InvoiceLanguageSubModel?; "
        "canBeDeleted boolean; workHourValueAddedTax double?"
    ),
    "InvoiceRowOutputModel": (
        "@audit; guid string?; invoiceGuid string?; rowType InvoiceRowType; description string?; quantity double; "
        "unitPrice MoneyOutputModel?; measurementUnit string?; vatRate double?; sortOrder int32; "
        "salesAccount InvoiceRowAccountingSubModel?; recurringSalesAccount InvoiceRowAccountingSubModel?; "
        "costCenter InvoiceRowAccountingSubModel?; vatAccount InvoiceRowAccountingSubModel?; "
        "salesReceivableAccount InvoiceRowAccountingSubModel?; category InvoiceRowCategory; flatRateGuid string?; "
        "hasInvoiceComment boolean; code string[]?"
    ),
    "InvoiceSettingsOutputModel": (
        "@audit; guid string?; entryDate date?; paymentDate date?; isReverseCharged boolean; "
        "reverseChargeDescription string?; style InvoiceSkin?; showLogoAndTitle boolean; showFooter boolean; "
        "showQuantity boolean; showUnit boolean; showUnitPrice boolean; showValueAddedTax boolean; "
        "showPriceExcludingValueAddedTax boolean; showAttachmentQuantity boolean; showAttachmentUnit boolean; "
        "showAttachmentUnitPrice boolean; showAttachmentValueAddedTax boolean; "
        "showAttachmentPriceExcludingValueAddedTax boolean; workHourDescriptionFormat string?; "
        "projectTravelExpenseDescriptionFormat string?; projectFeeDescriptionFormat string?; "
        "workHourGrouping InvoiceGrouping; projectFeeGrouping InvoiceGrouping; "
        "projectTravelExpenseGrouping InvoiceGrouping; workHourPrimaryGroupBy string?; "
        "workHourSecondaryGroupBy string?; projectFeePrimaryGroupBy string?; projectFeeSecondaryGroupBy string?; "
        "projectTravelExpensePrimaryGroupBy string?; projectTravelExpenseSecondaryGroupBy string?; "
        "showCategories boolean; categorySortOrder string?; showReferenceNumber boolean"
    ),
    "InvoiceStatusModel": (
        "@audit; guid string?; name string!; isActive boolean; isDefault boolean; isReadOnly boolean; "
        "hasInvoiceNumber boolean; isSent boolean; isWaitingPayment boolean; isPaid boolean; "
        "isDefaultForCreditNote boolean; sortOrder int32"
    ),
    "WorkHourOutputModel": (
        "@audit; phase WorkHourPhaseSubModel?; customer WorkHourCustomerSubModel?; "
        "workType WorkHourWorkTypeSubModel?; invoice WorkHourInvoiceSubModel?; description string?; "
        "unitPrice MoneyOutputModel?; unitCost MoneyOutputModel?; invoiceRowDescription string?; "
        "invoiceQuantity double?; plannedInvoiceQuantity double?; isBillable boolean?; "
        "billableStatus BillableStatusType; isProductive boolean?; isApproved boolean?; isModifiable boolean; "
        "invoiceRowGuid string?; invoiceRowComment string?; "
        "user UserWithFirstNameLastNamePhotoFileModelAndRequiredGuid?; overtime ModelWithName?; eventDate date!; "
        "quantity double?; startTime datetime?; endTime datetime?; guid string?; project WorkHourProjectSubModel?"
    ),
    "ProjectFeeOutputModel": (
        "@audit; name string?; project ProjectFeeProjectSubModel?; phase ModelWithName?; "
        "customer ProjectFeeCustomerSubModel?; product ProjectFeeProductSubModel?; description string?; "
        "unitPrice MoneyOutputModel?; unitCost MoneyOutputModel?; quantity double; measurementUnit string?; "
        "hasVolumePricing boolean; productType ProductType?; vatRate double?; displayPeriodStartDate date?; "
        "user UserSubModel?; costCenter ProjectCostCenterSubModel?; salesAccount ProjectSalesAccountSubModel?; "
        "guid string?; eventDate date?; billingSchedule ProjectFeeBillingScheduleType?; plannedBillingDate date?; "
        "billingDependencyPhase ProjectFeePhaseSubModel?; isBillable boolean?; invoice ProjectFeeInvoiceSubModel?; "
        "invoiceRowGuid string?; invoiceRowDescription string?; invoiceQuantity double?; invoiceRowComment string?; "
        "isRecurrenceRule boolean; recurrenceRuleGuid string?"
    ),
    "ProjectTravelExpenseOutputModel": (
        "@audit; guid string?; project ProjectTravelExpenseProjectSubModel?; phase ModelBaseWithRequiredGuid?; "
        "customer ModelWithName?; user UserRequiredSubModel?; travelExpense TravelExpenseSubModel?; "
        "description string?; unitPrice MoneyOutputModel?; unitCost MoneyOutputModel?; "
        "unitCostExcludingPurchaseVat MoneyOutputModel?; quantity double?; measurementUnit string?; "
        "vatRate double?; purchaseVatRate double?; eventDate date?; travelStartTime datetime?; "
        "travelEndTime datetime?; travelReimbursementRequired boolean; "
        "travelReimbursement TravelReimbursementSubModel?; isBillable boolean?; "
        "billingSchedule ProjectTravelExpenseBillingScheduleType?; plannedBillingDate date?; "
        "billingDependencyPhase ModelWithName?; invoice InvoiceSubModel?; invoiceQuantity double?; "
        "invoiceRowGuid string?; invoiceRowDescription string?; invoiceRowComment string?; "
        "costAccount ModelWithName?; costCenter ModelWithName?; salesAccount ModelWithName?; attachmentCount int32"
    ),
    "FlatRateOutputModel": (
        "guid string?; project FlatrateProjectSubModel?; phase ModelBaseWithRequiredGuid?; "
        "billingSchedule BillingScheduleType?; plannedBillingDate date?; price MoneyOutputModel?; "
        "includesHours double?; billAdditionalHours boolean?; pricePerAdditionalHour MoneyOutputModel?; "
        "invoiceGuid string?"
    ),
    "ProductOutputModel": (
        "@audit; code string?; unitPrice MoneyOutputModel?; unitCost MoneyOutputModel?; vatRate double?; "
        "measurementUnit string?; isActive boolean?; productCategory ModelWithName?; "
        "salesAccount ProductSalesAccountSubModel?; guid string?; name string!; type ProductType?; "
        "proposalDescription string?"
    ),
    "WorkTypeOutputModel": (
        "@audit; guid string?; name string!; isActive boolean; isProductive boolean; isDefault boolean; "
        "salesAccount ModelWithName?; code string?; hourCost MoneyOutputModel?"
    ),
    "TravelExpenseTypeOutputModel": (
        "@audit; guid string?; name string!; isMileage boolean; isDailyAllowance boolean; "
        "expenseClass ExpensesClass?; purchaseVatRate double?; includeTime boolean; "
        "costAccount TravelExpenseCostAccountSubModel?; unitCost MoneyOutputModel?; code string?; vatRate double?; "
        "measurementUnit string?; isActive boolean?; productCategory ModelWithName?; "
        "salesAccount ProductSalesAccountSubModel2?"
    ),
    "CostCenterModel": "@audit; guid string?; name string!; identifier string!; isActive boolean; isDefault boolean",
    "SalesAccountModel": (
        "@audit; guid string?; name string!; number string!; isActive boolean; isProductDefault boolean; "
        "isWorkTypeDefault boolean; isTravelTypeDefault boolean"
    ),
    "BusinessUnitModel": (
        "@audit; guid string?; name string!; parentGuid string?; isActive boolean; "
        "costCenter BusinessUnitCostCenterModel?; vatNumber string?; kvkNumber string?; companyGuid string?; "
        "companyName string?; companyBusinessUnitGuid string?; companyCountryGuid string?; "
        "companyCurrencyGuid string?; code string?"
    ),
    "CurrencyOutputModel": (
        "@audit; guid string?; name string?; code string?; rate double; symbol string?; isActive boolean; "
        "isOrganizationCurrency boolean"
    ),
    "PriceListOutputModel": (
        "@audit; guid string?; name string!; isDefault boolean; isActive boolean; isCustom boolean; "
        "isVolumePricing boolean; currency PriceListCurrency2!"
    ),
    "VatRateOutputModel": (
        "@audit; guid string?; percentage double; code string?; isActive boolean; isDefault boolean; "
        "countryGuid string?"
    ),
    "CountryModel": (
        "name string?; guid string?; englishName string?; code2 string?; code3 string?; "
        "hasRegions CountryRegionsStatus; companyRegisterUrl string?; isInEU boolean; defaultCulture string?; "
        "isRegistrationCountry boolean; currency CurrencyBaseModel?; defaultLanguage CountryLanguage?; "
        "timezone CountryTimezone?"
    ),
    "LanguageModel": "name string?; guid string?; englishName string?; code string?; isInvoiceLanguage boolean",
    "OrganizationDetailsOutputModel": (
        "guid string?; name string?; vatNumber string?; kvkNumber string?; isVatRegistered boolean; "
        "registeredOffice string?; address string?; postalCode string?; city string?; "
        "country OrganizationDetailsCountrySubModel?; phone string?; fax string?; "
        "termsOfServiceApprover UserWithNameAndPhotoFileModel?; eInvoiceAddress string?; "
        "eInvoiceOperatorCode string?; odpCompany string?; currency CurrencyBaseModel?; "
        "language OrganizationDetailsLanguageSubModel?; formatting OrganizationDetailsFormattingSubModel?; "
        "timezone ModelWithName?; activeCompanies CompanyModel[]?; activeAddons string[]?"
    ),
    "OrganizationSettingsModel": (
        "quickSearchSetting QuickSearchOptions; projectNameDisplaySetting ProjectNameDisplayOptions; "
        "displayProjectNumber boolean; projectNameDisplayFormatSetting ProjectNameDisplayFormatOptions; "
        "nextProjectNumber int64; lastProjectNumber int64?; nextCustomerNumber int64; lastCustomerNumber int64; "
        "nextTravelReimbursementNumber int32; lastTravelReimbursementNumber int64?; "
        "travelReimbursementInstructions string?; isTravelExpenseImmediatelyInvoiceable boolean?; "
        "travelEntryClosingDate date?; travelExpenseReimbursementStartDate date?; nextPurchaseOrderNumber int32?; "
        "lastPurchaseOrderNumber int64?; purchaseOrderNumberPrefix string?; currencyRoundingType TotalRoundingType; "
        "overdueInterest double?; paymentTerm int32?; nextInvoiceNumber int32; lastInvoiceNumber int64?; "
        "workWeek Workweek[]!; workHourApprovalMode WorkHourApprovalMode?; workHourEntryFormat EntryFormat; "
        "worktimeEntryClosingDate date?; paymentReferenceNumberDisplaySetting ReferenceNumberDisplay; "
        "uniqueIdentifierForProductsAndWorktypes boolean; isAddingNewKeywordsFromProjectAllowed boolean; "
        "isIdenticalPhaseCodesAllowed boolean; isWorkHourDescriptionMandatory boolean; "
        "setCreditNoteInvoiceNumber boolean; isCustomerSearchAllowed boolean; flextimeCalculationStartDate date?; "
        "maxFlextimeBalanceLimit double?; minFlextimeBalanceLimit double?; "
        "lastFlextimeCalculationEndTime datetime?; lastFlextimeCalculationUser UserWithFirstNameLastNameModel?; "
        "defaultFooterColumn1 FreeTextModel?; defaultFooterColumn2 FreeTextModel?; "
        "defaultFooterColumn3 FreeTextModel?; isEnteringHourPlannedInvoiceQuantityAllowed boolean"
    ),
    "UserOutputModel": (
        "@audit; firstName string!; lastName string!; salutation SalutationType?; guid string?; isActive boolean; "
        "email string?; phone string?; socialSecurityNumber string?; businessUnit BusinessUnitSubModel?; "
        "workType ModelBaseWithRequiredGuid?; permissionProfile ModelWithName?; "
        "superiorUser ModelBaseWithRequiredGuid?; workContract UserWorkContractSubModel?; lastLogin datetime?; "
        "title string?; satisfaction SatisfactionLevelType?; code string?; address string?; postalCode string?; "
        "city string?; country UserCountrySubModel?; countryRegion ModelWithName?; culture UserCultureSubModel?; "
        "language UserLanguageSubModel?; timezone TimezoneModel?; birthDate datetime?; bankAccountNumber string?; "
        "notes string?; keywords UserKeywordSubModel[]?; defaultActivityType ModelWithName?; "
        "userType LicenseUserType?; notificationSettings UserNotificationSettingsModel?"
    ),
    "CommunicationTypeModel": "@audit; guid string?; name string!; isActive boolean; type CommunicationMethodType",
}

NESTED: dict[str, str] = {
    "UserWithFirstNameLastNameAndPhotoFileModel": (
        "code string?; name string?; guid string?; firstName string?; lastName string?"
    ),
    "AddressCountry": "name string?; guid string?; englishName string?; hasRegions CountryRegionsStatus",
    "ModelWithName": "guid string?; name string?",
    "AddressCustomer": "name string?; guid string?; number int64?",
    "ContactCustomer": "guid string!; name string?; number int64?",
    "ModelBaseWithRequiredGuid": "guid string!; name string?",
    "CommunicationTypeSubModel": "guid string!; name string?; isActive boolean; type CommunicationMethodType",
    "CustomerLanguage": "name string?; guid string?; englishName string?; code string?",
    "CustomerCurrency": "name string?; guid string?; symbol string?; code string?",
    "CustomerHeadquarterAddress": (
        "guid string?; addressline string?; postalCode string?; city string?; country string?"
    ),
    "CustomerInvoicingVat": "guid string?; percentage double; code string?",
    "ModelBase": "guid string?",
    "CustomerCountry": "name string?; guid string?; englishName string?",
    "ValueAddedTaxSubModel": "guid string?; percentage double",
    "ProjectStatusSubModel": "name string?; description string?; projectStatusTypeGuid string?; guid string?",
    "ProjectCustomerSubModel": "guid string!; name string?; number int64?",
    "BusinessUnitSubModel": (
        "guid string!; name string?; companyGuid string?; companyName string?; companyBusinessUnitGuid string?; "
        "companyCountryGuid string?; companyCurrencyGuid string?; code string?"
    ),
    "CurrencySubModel2": "guid string!; name string?; code string?; symbol string?",
    "CustomerContactSubModel": "name string?; guid string?; firstName string?; lastName string?; isDeleted boolean",
    "SalesStatusSubModel": "guid string?; name string?; salesStatusTypeGuid string?",
    "MoneyOutputModel": "amount double?; currencyCode string?; multiCurrencyInfo MultiCurrencyInfoModel[]?",
    "PriceListCurrency2": "guid string!; name string?; symbol string?; code string?",
    "ProjectPricelistSubModel": "name string?; guid string?; isCustom boolean; isVolumePricing boolean",
    "ProjectCostCenterSubModel": "name string?; guid string?; identifier string?",
    "ProjectInvoiceTemplateSubModel": "guid string?; name string?; templateInvoiceGuid string?",
    "InvoiceStatusSubModel": "guid string!; name string?; isSent boolean; isWaitingPayment boolean; isPaid boolean",
    "InvoiceCustomerSubModel": "name string?; guid string?; number int64?",
    "InvoiceProjectSubModel": "name string?; guid string?; number int64?",
    "CurrencySubModel": "guid string!; name string?; code string?; symbol string?",
    "InvoiceReceiverAddressSubModel": (
        "addressline string?; postalCode string?; city string?; state string?; country string?"
    ),
    "InvoiceSenderAddressSubModel": (
        "addressline string?; postalCode string?; city string?; state string?; country string?"
    ),
    "RelatedInvoiceSubModel": "guid string?; number int32?",
    "FormattingCultureSubModel2": "name string?; englishName string?; code string?",
    "FreeTextModel2": "value string?; text string?; plainText string?; allowTags boolean; tagContext string?",
    "InvoiceLanguageSubModel": "name string?; guid string?; englishName string?; code string?",
    "InvoiceRowAccountingSubModel": "number string?; name string?",
    "WorkHourPhaseSubModel": "guid string!; name string?; isCompleted boolean; isLocked boolean",
    "WorkHourCustomerSubModel": "name string?; guid string?; number int64?",
    "WorkHourWorkTypeSubModel": "guid string!; name string?; code string?",
    "WorkHourInvoiceSubModel": "guid string?; date date?; number int32?",
    "UserWithFirstNameLastNamePhotoFileModelAndRequiredGuid": (
        "code string?; guid string!; name string?; firstName string?; lastName string?"
    ),
    "WorkHourProjectSubModel": "name string?; guid string?; number int64?; companyGuid string?; isClosed boolean",
    "ProjectFeeProjectSubModel": "guid string!; name string?; companyGuid string?",
    "ProjectFeeCustomerSubModel": "name string?; guid string?; number int64?",
    "ProjectFeeProductSubModel": "name string?; guid string?; code string?",
    "UserSubModel": "code string?; name string?; guid string?; companyGuid string?",
    "ProjectSalesAccountSubModel": "name string?; guid string?; number string?",
    "ProjectFeePhaseSubModel": "name string?; guid string?; isCompleted boolean",
    "ProjectFeeInvoiceSubModel": "guid string?; date date?; number int32?",
    "ProjectTravelExpenseProjectSubModel": (
        "guid string!; name string?; companyGuid string?; isInternal boolean; number int64?"
    ),
    "UserRequiredSubModel": "code string?; guid string!; name string?; companyGuid string?",
    "TravelExpenseSubModel": (
        "guid string!; name string?; expenseClass ExpensesClass; includeTime boolean; code string?"
    ),
    "TravelReimbursementSubModel": "guid string?; isApproved boolean; isLocked boolean; status string?",
    "InvoiceSubModel": "guid string?; date date?; number int32?",
    "FlatrateProjectSubModel": "guid string?; name string?; number int64?",
    "ProductSalesAccountSubModel": "name string?; guid string?; number string?",
    "TravelExpenseCostAccountSubModel": "name string?; guid string?; number string?",
    "ProductSalesAccountSubModel2": "name string?; guid string?; number string?",
    "BusinessUnitCostCenterModel": "guid string!; name string?; identifier string?",
    "CurrencyBaseModel": "guid string!; name string?; code string?; symbol string?",
    "CountryLanguage": "name string?; guid string?",
    "CountryTimezone": "name string?; guid string?",
    "OrganizationDetailsCountrySubModel": "name string?; code string?; guid string?; englishName string?",
    "UserWithNameAndPhotoFileModel": "name string?; guid string?; code string?",
    "OrganizationDetailsLanguageSubModel": "name string?; code string?; guid string?",
    "OrganizationDetailsFormattingSubModel": "name string?; code string?; guid string?",
    "CompanyModel": (
        "name string?; guid string?; rootBusinessUnitGuid string?; country CompanyCountry?; currencyGuid string?; "
        "currencyRate double; currencyCode string?; currencySymbol string?"
    ),
    "UserWithFirstNameLastNameModel": "guid string!; firstName string?; lastName string?",
    "FreeTextModel": "value string?; text string?; allowTags boolean?; tagContext string?",
    "UserWorkContractSubModel": (
        "title string!; startDate date!; endDate date?; dailyHours double; isOvertimeAllowed boolean; "
        "isFlextimeActive boolean; flextimeLimitPerDay double?; workWeek Workweek[]?; guid string?; "
        "hourCost MoneyOutputModel?"
    ),
    "UserCountrySubModel": (
        "name string?; guid string?; code3 string?; englishName string?; hasRegions CountryRegionsStatus"
    ),
    "UserCultureSubModel": "code string?; name string?; guid string?; englishName string?",
    "UserLanguageSubModel": "code string?; name string?; guid string?; englishName string?",
    "TimezoneModel": "name string?; guid string?; systemName string?; ianaName string?",
    "UserKeywordSubModel": "value string?",
    "UserNotificationSettingsModel": (
        "sendNewActivityEmail boolean?; sendTodaysAgendaEmail boolean?; sendWeeklySummaryEmail boolean?"
    ),
    "MultiCurrencyInfoModel": "amount double?; currencyCode string?; purpose CurrencyPurpose[]",
    "CompanyCountry": "name string?; guid string?; code3 string?; englishName string?",
}

INPUTS: dict[str, str] = {
    "SimpleInputModel": "guid string?",
    "SimpleInputRequiredModel": "guid string!",
    "MoneyInputModelWithNullableAmount": "amount double?; currencyCode string!",
    "CustomerCountrySettingsInputModel": (
        "customer SimpleInputRequiredModel!; country SimpleInputRequiredModel!; valueAddedTax SimpleInputModel?; "
        "isTaxFree boolean; taxFreeDescription string?; zeroVatCategoryCodeEn16931 string?"
    ),
    "ProjectFeeInputModel": (
        "name string?; billingDependencyPhase SimpleInputModel?; billingSchedule ProjectFeeBillingScheduleType?; "
        "costCenter SimpleInputModel?; description string?; displayPeriodStartDate date?; eventDate date?; "
        "hasVolumePricing boolean; invoice SimpleInputModel?; invoiceQuantity double?; invoiceRowComment string?; "
        "invoiceRowDescription string?; isBillable boolean?; measurementUnit string?; phase SimpleInputModel?; "
        "plannedBillingDate date?; product SimpleInputModel?; productType ProductType?; "
        "project SimpleInputRequiredModel!; quantity double; salesAccount SimpleInputModel?; "
        "unitCost MoneyInputModelWithNullableAmount?; unitPrice MoneyInputModelWithNullableAmount?; "
        "user SimpleInputModel?; vatRate double?"
    ),
}
"""Models that only a request body has."""

ENUMS: dict[str, str] = {
    "BillableStatusType": "Billable NotBillable RemovedFromInvoice",
    "BillingScheduleType": "Immediately WhenPhaseCompleted OnDate",
    "CommunicationMethodType": "Phone Fax MobilePhone IPPhone InstantMessenger EmailAddress",
    "CountryRegionsStatus": "NoRegion Unknown HasRegions",
    "CurrencyPurpose": "ProjectPrice ProjectCost UserCost ExpenseCost",
    "EntryFormat": "StartTimeEndTime Quantity StartTimeEndTimeNoOverlapping",
    "ExpensesClass": "Mileage DailyAllowance OtherTravelExpense",
    "InvoiceGrouping": "OneByOne Group Group+Attachment",
    "InvoiceRowCategory": "Hours ProjectFees Travels",
    "InvoiceRowType": "FlatRate Hours ProjectFees TravelExpenses",
    "InvoiceSkin": "BlackAndWhite Blue Cyan Green Lilac Orange Plain Red Yellow",
    "LicenseUserType": "FullUser Employee RestrictedEmployee Subcontractor",
    "ProductType": "FixedFees Materials Subcontracting",
    "ProjectFeeBillingScheduleType": "Immediately OnDate WhenPhaseCompleted Recurring",
    "ProjectNameDisplayFormatOptions": "ProjectNamePhaseName CustomerNameProjectNamePhaseName",
    "ProjectNameDisplayOptions": "ShowProjectLongName ShowProjectShortName",
    "ProjectTravelExpenseBillingScheduleType": "Immediately WhenPhaseCompleted OnDate",
    "QuickSearchOptions": "ShowOpenProjectsSalesCasesAndCustomers ShowOpenAndClosedProjectsSalesCasesAndCustomers",
    "ReferenceNumberDisplay": "ReferenceNumber Kid",
    "SalesStatusType": "InProgress Won Lost",
    "SalutationType": "Mr. Mrs. Ms.",
    "SatisfactionLevelType": "Unsatisfied Neutral Satisfied Unknown",
    "TotalRoundingType": "AwayFromZero NearestInteger",
    "WorkHourApprovalMode": "None RequiredForInvoicing InvoicableAlways",
    "Workweek": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
