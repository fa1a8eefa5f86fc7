// SPDX-License-Identifier: Apache-2.0

// Asks the admission plugin of a real API server (k8s.io/apiserver, ValidatingAdmissionPolicy) what it decides.
//
// Standard input: {"objects": [policies, bindings, namespaces, config maps], "requests": [{"operation", "resource",
// "subresource", "object", "oldObject"}]}. Standard output: one line of JSON for each request, {"allowed", "message",
// "warnings", "annotations"}. Anything that is not understood ends it with 1.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/apiserver/pkg/warning"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/component-base/featuregate"
)

type question struct {
	Objects  []json.RawMessage `json:"objects"`
	Requests []request         `json:"requests"`
}

type request struct {
	Operation   admission.Operation `json:"operation"`
	Resource    string              `json:"resource"`
	Subresource string              `json:"subresource"`
	Object      json.RawMessage     `json:"object"`
	OldObject   json.RawMessage     `json:"oldObject"`
}

type answer struct {
	Allowed     bool              `json:"allowed"`
	Message     string            `json:"message"`
	Warnings    []string          `json:"warnings"`
	Annotations map[string]string `json:"annotations"`
}

func main() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	plugin := start(ctx, asked.Objects)
	out := json.NewEncoder(os.Stdout)
	for _, one := range asked.Requests {
		must(out.Encode(decide(ctx, plugin, one)))
	}
}

func start(ctx context.Context, texts []json.RawMessage) *validating.Plugin {
	objects := make([]runtime.Object, len(texts))
	for i, text := range texts {
		objects[i] = withDefaults(decode(text))
	}
	client := fake.NewSimpleClientset(objects...)
	factory := informers.NewSharedInformerFactory(client, 0)
	plugin, err := validating.NewPlugin(nil)
	must(err)
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{corev1.SchemeGroupVersion})
	mapper.Add(corev1.SchemeGroupVersion.WithKind("ConfigMap"), meta.RESTScopeNamespace)
	initializer.New(client, dynamicfake.NewSimpleDynamicClient(scheme.Scheme), factory, everybody{},
		featuregate.NewFeatureGate(), compatibility.DefaultBuildEffectiveVersion(), ctx.Done(), mapper).Initialize(plugin)
	must(plugin.ValidateInitialization())
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if !plugin.WaitForReady() {
		must(fmt.Errorf("the plugin did not become ready"))
	}
	return plugin
}

// What an API server fills in before it stores a policy (k8s.io/kubernetes, pkg/apis/admissionregistration/v1/defaults.go).
func withDefaults(object runtime.Object) runtime.Object {
	switch one := object.(type) {
	case *admissionregistrationv1.ValidatingAdmissionPolicy:
		fillSelectors(one.Spec.MatchConstraints)
	case *admissionregistrationv1.ValidatingAdmissionPolicyBinding:
		if one.Spec.MatchResources != nil {
			fillSelectors(one.Spec.MatchResources)
		}
	}
	return object
}

func fillSelectors(resources *admissionregistrationv1.MatchResources) {
	if resources.NamespaceSelector == nil {
		resources.NamespaceSelector = &metav1.LabelSelector{}
	}
	if resources.ObjectSelector == nil {
		resources.ObjectSelector = &metav1.LabelSelector{}
	}
	if resources.MatchPolicy == nil {
		equivalent := admissionregistrationv1.Equivalent
		resources.MatchPolicy = &equivalent
	}
	for i := range resources.ResourceRules {
		if resources.ResourceRules[i].Scope == nil {
			all := admissionregistrationv1.AllScopes
			resources.ResourceRules[i].Scope = &all
		}
	}
}

func decide(ctx context.Context, plugin *validating.Plugin, asked request) answer {
	told := &listener{annotations: map[string]string{}}
	object, old := decode(asked.Object), decode(asked.OldObject)
	named := object
	if named == nil {
		named = old
	}
	about, err := meta.Accessor(named)
	must(err)
	kind := named.GetObjectKind().GroupVersionKind()
	attributes := recorded{admission.NewAttributesRecord(object, old, kind, about.GetNamespace(), about.GetName(),
		kind.GroupVersion().WithResource(asked.Resource), asked.Subresource, asked.Operation, nil, false,
		&user.DefaultInfo{Name: "author"}), told}
	err = plugin.Validate(warning.WithWarningRecorder(ctx, told), attributes, admission.NewObjectInterfacesFromScheme(scheme.Scheme))
	if err != nil {
		return answer{false, err.Error(), told.warnings, told.annotations}
	}
	return answer{true, "", told.warnings, told.annotations}
}

// A typed object, as an API server has read it: fields that its version does not know are gone.
func decode(text json.RawMessage) runtime.Object {
	if len(text) == 0 || string(text) == "null" {
		return nil
	}
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(text, nil, nil)
	must(err)
	return object
}

type listener struct {
	warnings    []string
	annotations map[string]string
}

func (l *listener) AddWarning(_, text string) { l.warnings = append(l.warnings, text) }

type recorded struct {
	admission.Attributes
	told *listener
}

func (r recorded) AddAnnotation(key, value string) error {
	r.told.annotations[key] = value
	return nil
}

type everybody struct{}

func (everybody) Authorize(context.Context, authorizer.Attributes) (authorizer.Decision, string, error) {
	return authorizer.DecisionAllow, "", nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
